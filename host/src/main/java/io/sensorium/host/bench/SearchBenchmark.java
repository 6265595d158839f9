package io.sensorium.host.bench;

import io.sensorium.api.Modality;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Fills an index with vectors, durably acknowledged, and compares its nearest neighbours with an
 * exact scan.
 */
final class SearchBenchmark {
  private static final SpaceId SPACE = new SpaceId("bench", "1");
  private static final int GROUP = 500;
  private static final int TOP = 10;
  private static final int WARM_UP_QUERIES = 200;
  private static final int CLUSTERS = 1_000;
  private static final double SPREAD = 1.0;
  private static final long SEED = 20_261_120;

  private final MediaIndex index;
  private final int dimension;
  private final float[][] vectors;
  private final float[][] queries;

  SearchBenchmark(MediaIndex index, int vectorCount, int dimension, int queryCount) {
    this.index = index;
    this.dimension = dimension;
    ClusteredVectors source = new ClusteredVectors(dimension, CLUSTERS, SPREAD, SEED);
    vectors = IntStream.range(0, vectorCount).mapToObj(i -> source.next()).toArray(float[][]::new);
    queries = IntStream.range(0, queryCount).mapToObj(i -> source.next()).toArray(float[][]::new);
  }

  /** Runs it and answers the figures: rates in items a second, times in milliseconds. */
  Map<String, Object> run() {
    long start = System.nanoTime();
    fill();
    double fillSeconds = (System.nanoTime() - start) / 1e9;
    for (int i = 0; i < WARM_UP_QUERIES; i++) {
      search(queries[i % queries.length]);
    }
    double[] millis = new double[queries.length];
    int found = 0;
    for (int i = 0; i < queries.length; i++) {
      long before = System.nanoTime();
      List<Hit> hits = search(queries[i]);
      millis[i] = (System.nanoTime() - before) / 1e6;
      found += overlap(hits, exact(queries[i]));
    }
    Arrays.sort(millis);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("vectors", vectors.length);
    figures.put("dimension", dimension);
    figures.put("queries", queries.length);
    figures.put("recallAt10", (double) found / (queries.length * TOP));
    figures.put("p50Millis", millis[millis.length / 2]);
    figures.put("p99Millis", millis[millis.length * 99 / 100]);
    figures.put("durableItemsPerSecond", vectors.length / fillSeconds);
    return figures;
  }

  private void fill() {
    CompletableFuture<Void> before = CompletableFuture.completedFuture(null);
    for (int from = 0; from < vectors.length; from += GROUP) {
      CompletableFuture<Void> written =
          index.put(
              IntStream.range(from, Math.min(from + GROUP, vectors.length))
                  .mapToObj(this::entry)
                  .toList());
      before.join();
      before = written;
    }
    before.join();
    index.refresh();
  }

  private IndexEntry entry(int i) {
    return new IndexEntry(
        Integer.toString(i), Modality.IMAGE, "", "", embedding(vectors[i]), "", Map.of());
  }

  private List<Hit> search(float[] query) {
    return index.search(IndexQuery.nearest(embedding(query), TOP));
  }

  private static Embedding embedding(float[] vector) {
    return Embedding.of(SPACE, FloatBuffer.wrap(vector));
  }

  private Set<String> exact(float[] query) {
    double[] similarity = new double[vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      similarity[i] = dot(query, vectors[i]);
    }
    return new HashSet<>(
        IntStream.range(0, vectors.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -similarity[i]))
            .limit(TOP)
            .map(i -> Integer.toString(i))
            .toList());
  }

  private static int overlap(List<Hit> hits, Set<String> expected) {
    return (int) hits.stream().filter(hit -> expected.contains(hit.entry().id())).count();
  }

  private static double dot(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
