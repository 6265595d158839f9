package io.sensorium.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.Modality;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.space.Embedding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rankings against naive ones in plain Java. */
class SearchQualityTest {
  private static final int ITEMS = 5_000;
  private static final int DIMENSION = 64;

  @TempDir Path folder;

  @Test
  void theGraphFindsTheNearestAlsoUnderAFilter() throws Exception {
    long seed = Long.getLong("sensorium.seed", System.nanoTime());
    System.out.println("recall seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<Embedding> centres = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      centres.add(Samples.embedding(Samples.WORLD, DIMENSION, random));
    }
    List<IndexEntry> entries = new ArrayList<>();
    for (int n = 0; n < ITEMS; n++) {
      entries.add(entry(n, near(centres, random), ""));
    }
    try (LuceneIndex index = LuceneIndex.open(folder)) {
      index.put(entries).join();
    }
    mergeToOneGraph();
    IndexSettings graphs =
        new IndexSettings(1L << 30, Duration.ofHours(1), Duration.ofHours(1), 1L << 30, 0);
    try (LuceneIndex index =
        LuceneIndex.open(
            FSDirectory.open(folder.resolve("lucene")),
            new DiskLogFiles(folder.resolve("log")),
            graphs)) {
      double all = 0;
      double filtered = 0;
      int queries = 100;
      for (int i = 0; i < queries; i++) {
        IndexQuery query = IndexQuery.nearest(near(centres, random), 10);
        all += recall(index, query, entries) / queries;
        IndexQuery odd = query.having(Map.of("parity", "odd"));
        filtered += recall(index, odd, entries) / queries;
      }
      System.out.printf("recall@10 %.4f, filtered %.4f%n", all, filtered);
      assertThat(all).isGreaterThanOrEqualTo(0.95);
      assertThat(filtered).isGreaterThanOrEqualTo(0.95);
    }
  }

  /** Small segments have no graph yet; a merge into a large one builds it. */
  private void mergeToOneGraph() throws IOException {
    IndexWriterConfig config = new IndexWriterConfig().setCodec(new VectorCodec());
    try (Directory directory = FSDirectory.open(folder.resolve("lucene"));
        IndexWriter writer = new IndexWriter(directory, config)) {
      writer.forceMerge(1);
    }
  }

  private static double recall(LuceneIndex index, IndexQuery query, List<IndexEntry> entries) {
    Embedding wanted = query.embedding().orElseThrow();
    double tenth =
        entries.stream()
            .filter(entry -> entry.metadata().entrySet().containsAll(query.where().entrySet()))
            .map(entry -> wanted.cosine(entry.embedding()))
            .sorted(Comparator.reverseOrder())
            .toList()
            .get(9);
    List<Hit> hits = index.search(query);
    assertThat(hits).hasSize(10);
    return hits.stream().filter(hit -> hit.score() >= tenth - 1e-9).count() / 10.0;
  }

  @Test
  void wordsAreRankedByBm25AndHybridQueriesByReciprocalRanks() {
    long seed = Long.getLong("sensorium.seed", System.nanoTime());
    System.out.println("hybrid seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<IndexEntry> entries = new ArrayList<>();
    for (int n = 0; n < 211; n++) {
      StringBuilder text = new StringBuilder();
      for (int words = 1 + random.nextInt(12); words > 0; words--) {
        text.append(Samples.WORDS.get(random.nextInt(Samples.WORDS.size()))).append(' ');
      }
      Embedding embedding = Samples.embedding(Samples.WORLD, 7, random);
      entries.add(entry(n, embedding, text.toString()));
    }
    try (LuceneIndex index = LuceneIndex.open(folder)) {
      index.put(entries).join();
      index.refresh();
      for (String words : List.of("red bell", "night", "Glass glass DRUM river", "nowhere")) {
        IndexQuery text =
            new IndexQuery(Optional.empty(), Optional.of(words), Set.of(), Map.of(), 100);
        Map<String, Double> expected = bm25(entries, words);
        List<Hit> hits = index.search(text);
        assertThat(hits).hasSize(Math.min(100, expected.size()));
        assertThat(hits)
            .allSatisfy(
                hit ->
                    assertThat(hit.score())
                        .isCloseTo(expected.get(hit.entry().id()), within(1e-4)));
        Embedding wanted = Samples.embedding(Samples.WORLD, 7, random);
        List<Hit> near = index.search(IndexQuery.nearest(wanted, 100));
        requireFused(index.search(IndexQuery.nearest(wanted, 25).withText(words)), near, hits);
      }
    }
  }

  private static void requireFused(List<Hit> fused, List<Hit> near, List<Hit> matching) {
    Map<String, Double> expected = new HashMap<>();
    for (List<Hit> list : List.of(near, matching)) {
      for (Hit hit : list) {
        expected.merge(hit.entry().id(), 1.0 / (60 + hit.rank()), Double::sum);
      }
    }
    List<String> order =
        expected.keySet().stream()
            .sorted(
                Comparator.<String>comparingDouble(id -> -expected.get(id)).thenComparing(id -> id))
            .limit(25)
            .toList();
    assertThat(fused).extracting(hit -> hit.entry().id()).containsExactlyElementsOf(order);
    assertThat(fused)
        .allSatisfy(
            hit ->
                assertThat(hit.score()).isCloseTo(expected.get(hit.entry().id()), within(1e-12)));
  }

  /** Okapi BM25 with k1 = 1.2 and b = 0.75 over the words of text and path. */
  private static Map<String, Double> bm25(List<IndexEntry> entries, String query) {
    Set<String> words = new HashSet<>(List.of(query.toLowerCase(Locale.ROOT).split(" ", -1)));
    double meanLength = entries.stream().mapToInt(e -> words(e).size()).average().orElseThrow();
    Map<String, Double> scores = new HashMap<>();
    for (String word : words) {
      long holders = entries.stream().filter(entry -> words(entry).contains(word)).count();
      double rarity = Math.log(1 + (entries.size() - holders + 0.5) / (holders + 0.5));
      for (IndexEntry entry : entries) {
        List<String> own = words(entry);
        double count = own.stream().filter(word::equals).count();
        double length = 1.2 * (0.25 + 0.75 * own.size() / meanLength);
        if (count > 0) {
          scores.merge(entry.id(), rarity * count / (count + length), Double::sum);
        }
      }
    }
    return scores;
  }

  private static List<String> words(IndexEntry entry) {
    return Arrays.stream((entry.text() + entry.path()).split("[ /._]+", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static Embedding near(List<Embedding> centres, SplittableRandom random) {
    Embedding centre = centres.get(random.nextInt(centres.size()));
    return centre.plus(Samples.embedding(Samples.WORLD, DIMENSION, random), 0.8).normalized();
  }

  private static IndexEntry entry(int n, Embedding embedding, String text) {
    return new IndexEntry(
        "item-" + n,
        Modality.IMAGE,
        "/loud_%d.png".formatted(n),
        "",
        embedding,
        text,
        Map.of("parity", n % 2 == 0 ? "even" : "odd"));
  }
}
