package io.sensorium.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.Modality;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneIndexTest {
  private static final int DIMENSION = 7;

  @TempDir Path folder;
  private LuceneIndex index;

  @BeforeEach
  void open() {
    index = LuceneIndex.open(folder);
  }

  @AfterEach
  void close() {
    index.close();
  }

  @Test
  void everyFieldComesBackExactlyAlsoAfterReopening() {
    IndexEntry odd =
        new IndexEntry(
            "id \u00e4\ud83d\udd14",
            new Modality("motion"),
            "C:\\weird \ud800 path\u0000",
            "",
            Embedding.of(
                new SpaceId("other", "2.0"),
                FloatBuffer.wrap(new float[] {-0.0f, Float.MIN_VALUE, 1e30f})),
            "text with \udc00 half a pair",
            Map.of("long", "v".repeat(50_000), "a.b-c_1", "", "half", "\ud83d"));
    index.put(List.of(odd, Samples.entry(1, DIMENSION))).join();

    assertThat(index.find(odd.id())).contains(odd);
    reopen();
    assertThat(index.find(odd.id())).contains(odd);
    assertThat(index.find("item-1")).contains(Samples.entry(1, DIMENSION));
    assertThat(index.find("item-2")).isEmpty();
    for (Map.Entry<String, String> fact : odd.metadata().entrySet()) {
      assertThat(
              index.search(
                  IndexQuery.nearest(odd.embedding(), 3)
                      .having(Map.of(fact.getKey(), fact.getValue()))))
          .extracting(Hit::entry)
          .containsExactly(odd);
    }
  }

  @Test
  void acknowledgedChangesAreFoundAtOnceAndSearchedAfterARefresh() {
    put(0, 21);
    assertThat(index.find("item-20")).isPresent();
    assertThat(index.size()).isEqualTo(21);
    index.delete(List.of("item-20", "never-there")).join();
    assertThat(index.find("item-20")).isEmpty();
    assertThat(index.size()).isEqualTo(20);
    index.refresh();
    assertThat(index.size()).isEqualTo(20);
    assertThat(nearest(20, 100)).hasSize(20).extracting(Hit::entry).doesNotContain(entry(20));
  }

  @Test
  void puttingAnIdAgainReplacesTheItemAndTheLastOneInACallWins() {
    IndexEntry first = renamed(entry(1), "same");
    IndexEntry second = renamed(entry(2), "same");
    IndexEntry third = renamed(entry(3), "same");
    index.put(List.of(first)).join();
    index.put(List.of(second, third)).join();
    assertThat(index.find("same")).contains(third);
    assertThat(index.size()).isEqualTo(1);
    index.refresh();
    assertThat(index.search(IndexQuery.nearest(first.embedding(), 10)))
        .extracting(Hit::entry)
        .containsExactly(third);
  }

  @Test
  void tellsWhatMemoryItsFilesAndChangesTake() {
    put(0, 21);
    List<MemoryHolding> before = index.holdings();
    assertThat(before).allMatch(held -> held.state() == MemoryHolding.State.REPORTED);
    index.refresh();
    reopen();
    List<MemoryHolding> after = index.holdings();
    assertThat(after.getFirst().measured().of(MemoryKind.INDEX))
        .isGreaterThan(before.getFirst().measured().of(MemoryKind.INDEX))
        .isGreaterThan(21L * DIMENSION * Float.BYTES);
    assertThat(after.getLast().measured().total()).isLessThan(before.getLast().measured().total());
  }

  @Test
  void changesBecomeSearchableWithoutBeingAsked() throws InterruptedException {
    put(0, 1);
    for (int i = 0; i < 600 && nearest(0, 1).isEmpty(); i++) {
      Thread.sleep(50);
    }
    assertThat(nearest(0, 1)).hasSize(1);
  }

  @Test
  void filtersRestrictVectorsAndWordsAlike() {
    put(0, 101);
    index.refresh();
    IndexQuery query =
        IndexQuery.nearest(entry(5).embedding(), 200)
            .among(Set.of(Modality.IMAGE, Modality.AUDIO))
            .having(Map.of("parity", "odd"));
    List<String> expected =
        IntStream.range(0, 101)
            .filter(n -> n % 3 != 2 && n % 2 == 1)
            .mapToObj(n -> "item-" + n)
            .toList();
    assertThat(ids(index.search(query))).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(ids(index.search(query.withText("bell red"))))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(index.search(textOnly("bell", 50)))
        .allSatisfy(hit -> assertThat(words(hit.entry())).contains("bell"));
    assertThat(index.search(query.having(Map.of("parity", "none")))).isEmpty();
  }

  @Test
  void aSearchStaysInItsSpaceAlsoByWords() {
    IndexEntry here = entry(1);
    Embedding elsewhere = Samples.embedding(new SpaceId("clip", "1"), 5, new SplittableRandom(7));
    IndexEntry there =
        new IndexEntry(
            "clip|" + here.id(),
            here.modality(),
            here.path(),
            here.contentHash(),
            elsewhere,
            here.text(),
            here.metadata());
    index.put(List.of(here, there)).join();
    index.refresh();
    IndexQuery wanted = IndexQuery.nearest(elsewhere, 5);
    assertThat(ids(index.search(wanted))).containsExactly(there.id());
    assertThat(ids(index.search(wanted.withText(here.text())))).containsExactly(there.id());
    assertThat(ids(index.search(IndexQuery.nearest(here.embedding(), 5).withText(here.text()))))
        .containsExactly(here.id());
  }

  @Test
  void vectorHitsCarryTheCosineBestFirst() {
    put(0, 53);
    index.refresh();
    Embedding wanted = Samples.embedding(Samples.WORLD, DIMENSION, new SplittableRandom(99));
    List<Hit> hits = index.search(IndexQuery.nearest(wanted, 10));
    List<IndexEntry> expected =
        IntStream.range(0, 53)
            .mapToObj(LuceneIndexTest::entry)
            .sorted((a, b) -> Double.compare(cosine(wanted, b), cosine(wanted, a)))
            .limit(10)
            .toList();
    assertThat(hits).extracting(Hit::entry).containsExactlyElementsOf(expected);
    assertThat(hits).extracting(Hit::rank).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(hits)
        .allSatisfy(
            hit -> assertThat(hit.score()).isCloseTo(cosine(wanted, hit.entry()), within(1e-12)));
  }

  @Test
  void spacesAreSearchedApartWhateverTheirDimensions() {
    SpaceId next = new SpaceId("world", "2");
    IndexEntry other =
        new IndexEntry(
            "other",
            Modality.TEXT,
            "",
            "",
            Samples.embedding(next, 11, new SplittableRandom(3)),
            "bell",
            Map.of());
    put(0, 5);
    index.put(List.of(other)).join();
    index.refresh();
    assertThat(ids(index.search(IndexQuery.nearest(other.embedding(), 10))))
        .containsExactly("other");
    assertThat(nearest(0, 10)).hasSize(5);
    assertThat(ids(index.search(textOnly("bell", 10)))).contains("other");
    assertThatThrownBy(
            () ->
                index.search(
                    IndexQuery.nearest(Samples.embedding(next, 7, new SplittableRandom(1)), 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("world@2")
        .hasMessageContaining("11")
        .hasMessageContaining("7");
    assertThatThrownBy(() -> index.put(List.of(entry(1), Samples.entry(2, 8))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void itemsWithoutLengthAreFoundByWordsAlone() {
    IndexEntry zero =
        new IndexEntry(
            "zero",
            Modality.TEXT,
            "silent_night.txt",
            "",
            Embedding.of(Samples.WORLD, FloatBuffer.allocate(DIMENSION)),
            "",
            Map.of());
    index.put(List.of(zero, entry(1))).join();
    index.refresh();
    assertThat(ids(index.search(textOnly("Silent", 5)))).containsExactly("zero");
    assertThat(ids(nearest(1, 5))).containsExactly("item-1");
    assertThatThrownBy(() -> index.search(IndexQuery.nearest(zero.embedding(), 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void textThatHoldsNoWordMatchesNothing() {
    put(0, 5);
    index.refresh();
    assertThat(index.search(textOnly("?!", 5))).isEmpty();
    assertThat(index.search(textOnly("word ".repeat(5_000), 5))).isEmpty();
    assertThat(index.search(IndexQuery.nearest(entry(1).embedding(), 3).withText("?!"))).hasSize(3);
  }

  @Test
  void idsAreListedByPrefixInOrder() {
    put(0, 25);
    index.delete(List.of("item-2", "item-21")).join();
    index.refresh();
    assertThat(index.ids("item-2")).containsExactly("item-20", "item-22", "item-23", "item-24");
    assertThat(index.ids("")).hasSize(23).isSorted();
    assertThat(index.ids("jtem")).isEmpty();
  }

  @Test
  void aSecondHostIsRefusedAndTheFirstGoesOn() {
    assertThatThrownBy(() -> LuceneIndex.open(folder))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("another host holds");
    put(0, 2);
    assertThat(index.size()).isEqualTo(2);
  }

  @Test
  void aClosedIndexSaysSo() {
    index.close();
    assertThatThrownBy(() -> index.find("x")).isInstanceOf(ServiceGoneException.class);
    assertThat(index.put(List.of(entry(1)))).isCompletedExceptionally();
    assertThat(index.health().problem()).isEqualTo("the index was closed");
  }

  @Test
  void impossibleItemsAreRefusedBeforeAnythingIsStored() {
    assertThatThrownBy(() -> index.put(List.of(entry(1), renamed(entry(2), "half \ud800"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("well-formed");
    assertThatThrownBy(() -> index.put(List.of(Samples.entry(3, 4_097))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4097");
    assertThat(index.size()).isZero();
    index.put(List.of()).join();
    index.delete(List.of()).join();
  }

  @Test
  void healthTellsWhetherVectorsAreVectorised() {
    assertThat(index.health().writable()).isTrue();
    assertThat(index.health().arithmetic()).isEqualTo("PanamaVectorUtilSupport");
    assertThat(index.health().vectorised()).isTrue();
  }

  private void put(int from, int to) {
    List<IndexEntry> entries = new ArrayList<>();
    for (int n = from; n < to; n++) {
      entries.add(entry(n));
    }
    index.put(entries).join();
  }

  private void reopen() {
    index.close();
    index = LuceneIndex.open(folder);
  }

  private List<Hit> nearest(int n, int top) {
    return index.search(IndexQuery.nearest(entry(n).embedding(), top));
  }

  private static IndexQuery textOnly(String text, int top) {
    return new IndexQuery(Optional.empty(), Optional.of(text), Set.of(), Map.of(), top);
  }

  private static IndexEntry entry(int n) {
    return Samples.entry(n, DIMENSION);
  }

  private static IndexEntry renamed(IndexEntry entry, String id) {
    return new IndexEntry(
        id,
        entry.modality(),
        entry.path(),
        entry.contentHash(),
        entry.embedding(),
        entry.text(),
        entry.metadata());
  }

  private static String words(IndexEntry entry) {
    return entry.text() + " " + DocumentMapping.pathWords(entry.path());
  }

  private static double cosine(Embedding wanted, IndexEntry entry) {
    return wanted.cosine(entry.embedding());
  }

  private static List<String> ids(List<Hit> hits) {
    return hits.stream().map(hit -> hit.entry().id()).toList();
  }
}
