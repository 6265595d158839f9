package io.sensorium.index.lucene;

import io.sensorium.api.Modality;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.space.Embedding;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;

/**
 * The figures in docs/decisions/0003. Run with {@code acks FOLDER SECONDS} or {@code search FOLDER
 * ITEMS NOISE SETTLE_SECONDS} on the test class path, with {@code --add-modules
 * jdk.incubator.vector}.
 */
final class IndexMeasurements {
  private static final int DIMENSION = 384;
  private static final long SEED = 7;

  private IndexMeasurements() {}

  /** How a measured store makes one item durable. */
  private interface Storing {
    void store(IndexEntry entry) throws IOException;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    if (arguments[0].equals("acks")) {
      acknowledgements(folder, Integer.parseInt(arguments[2]));
    } else {
      search(
          folder,
          Integer.parseInt(arguments[2]),
          Double.parseDouble(arguments[3]),
          Integer.parseInt(arguments[4]));
    }
  }

  /** Acknowledgements a second from the log, and from commits of Lucene shared by a group. */
  private static void acknowledgements(Path folder, int seconds) throws Exception {
    for (int writers : new int[] {1, 8, 64}) {
      try (LuceneIndex index = LuceneIndex.open(folder.resolve("log-" + writers))) {
        report("log", writers, seconds, entry -> index.put(List.of(entry)).join());
      }
      try (MMapDirectory directory = new MMapDirectory(folder.resolve("commits-" + writers));
          IndexWriter lucene =
              new IndexWriter(
                  directory,
                  new IndexWriterConfig(new StandardAnalyzer()).setCodec(new VectorCodec()))) {
        GroupedCommits commits = new GroupedCommits(lucene);
        report("commits", writers, seconds, commits::store);
      }
    }
  }

  /** One commit serves all who added their document before it started. */
  private static final class GroupedCommits {
    private final IndexWriter lucene;
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger added = new AtomicInteger();

    GroupedCommits(IndexWriter lucene) {
      this.lucene = lucene;
    }

    void store(IndexEntry entry) throws IOException {
      lucene.updateDocument(
          DocumentMapping.idTerm(entry.id()), DocumentMapping.document(Change.put(entry), entry));
      int mine = added.incrementAndGet();
      synchronized (this) {
        if (committed.get() < mine) {
          int covered = added.get();
          lucene.commit();
          committed.set(covered);
        }
      }
    }
  }

  private static void report(String what, int writers, int seconds, Storing storing)
      throws Exception {
    AtomicInteger next = new AtomicInteger();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      List<Future<?>> running = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        running.add(
            threads.submit(
                () -> {
                  while (System.nanoTime() < end) {
                    storing.store(Samples.entry(next.getAndIncrement(), DIMENSION));
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    System.out.printf(
        "%s, %d writers: %.0f acknowledgements/s%n", what, writers, next.get() / (double) seconds);
  }

  /** Filling, opening, recall@10 and latency over clustered vectors. */
  private static void search(Path folder, int items, double noise, int settleSeconds)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Embedding> centres = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      centres.add(Samples.embedding(Samples.WORLD, DIMENSION, random));
    }
    float[][] vectors = new float[items][];
    long started = System.nanoTime();
    LuceneIndex index = LuceneIndex.open(folder);
    for (int from = 0; from < items; from += 500) {
      List<IndexEntry> entries = new ArrayList<>();
      for (int n = from; n < Math.min(items, from + 500); n++) {
        Embedding embedding = near(centres, noise, random);
        vectors[n] = DocumentMapping.unitComponents(embedding);
        entries.add(
            new IndexEntry(Integer.toString(n), Modality.IMAGE, "", "", embedding, "", Map.of()));
      }
      index.put(entries).join();
    }
    System.out.printf("put %d in %.1f s%n", items, seconds(started));
    index.refresh();
    List<Embedding> queries =
        IntStream.range(0, 300).mapToObj(i -> near(centres, noise, random)).toList();
    measure("at once", index, queries, vectors);
    Thread.sleep(1_000L * settleSeconds);
    measure("settled", index, queries, vectors);
    measure("warm", index, queries, vectors);
    index.close();
    started = System.nanoTime();
    index = LuceneIndex.open(folder);
    System.out.printf("opened again in %.2f s%n", seconds(started));
    measure("reopened", index, queries, vectors);
    index.close();
    try (Directory directory = FSDirectory.open(folder.resolve("lucene"));
        DirectoryReader reader = DirectoryReader.open(directory)) {
      System.out.println(
          "segments of " + reader.leaves().stream().map(leaf -> leaf.reader().maxDoc()).toList());
    }
  }

  private static void measure(
      String what, LuceneIndex index, List<Embedding> queries, float[][] vectors) {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long[] nanos = new long[queries.size()];
    long[] work = new long[queries.size()];
    int found = 0;
    for (int i = 0; i < nanos.length; i++) {
      long started = System.nanoTime();
      long worked = clock.getCurrentThreadCpuTime();
      List<Hit> hits = index.search(IndexQuery.nearest(queries.get(i), 10));
      work[i] = clock.getCurrentThreadCpuTime() - worked;
      nanos[i] = System.nanoTime() - started;
      Set<String> nearest = nearest(queries.get(i), vectors);
      found += (int) hits.stream().filter(hit -> nearest.contains(hit.entry().id())).count();
    }
    Arrays.sort(nanos);
    Arrays.sort(work);
    System.out.printf(
        "%s: recall@10 %.4f, p50 %.2f ms, p99 %.2f ms; processor time p50 %.2f ms%n",
        what,
        found / 10.0 / nanos.length,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        work[work.length / 2] / 1e6);
  }

  private static Set<String> nearest(Embedding query, float[][] vectors) {
    float[] target = DocumentMapping.unitComponents(query);
    double[] scores =
        IntStream.range(0, vectors.length)
            .mapToDouble(n -> org.apache.lucene.util.VectorUtil.dotProduct(target, vectors[n]))
            .toArray();
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    Set<String> nearest = new HashSet<>();
    for (int n = 0; n < scores.length; n++) {
      if (scores[n] >= sorted[sorted.length - 10]) {
        nearest.add(Integer.toString(n));
      }
    }
    return nearest;
  }

  private static Embedding near(List<Embedding> centres, double noise, SplittableRandom random) {
    Embedding centre = centres.get(random.nextInt(centres.size()));
    return centre.plus(Samples.embedding(Samples.WORLD, DIMENSION, random), noise).normalized();
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }
}
