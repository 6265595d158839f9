package io.sensorium.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.Modality;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.IndexQuery.Counterpart;
import io.sensorium.api.index.ScoreScale;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of a space in one index; the newer one's vectors are the older ones', mirrored. */
class SpaceVersionsTest {
  private static final int DIMENSION = 7;
  private static final int ITEMS = 61;
  private static final SpaceId OLD = Samples.WORLD;
  private static final SpaceId NEW = new SpaceId("world", "2");

  @TempDir Path folder;
  private LuceneIndex index;

  @BeforeEach
  void open() {
    index = LuceneIndex.open(folder);
    index.put(IntStream.range(0, ITEMS).mapToObj(SpaceVersionsTest::old).toList()).join();
    index.refresh();
  }

  @AfterEach
  void close() {
    index.close();
  }

  @Test
  void rankingsStayTheSameWhileItemsMoveFromVersionToVersion() {
    Embedding asked = Samples.entry(7_919, DIMENSION).embedding();
    IndexQuery before = IndexQuery.nearest(asked, 10);
    IndexQuery during =
        IndexQuery.nearest(mirrored(asked), 10).beside(new Counterpart(asked, Map.of()));
    List<String> wanted = ids(index.search(before));
    for (int moved = 0; moved <= ITEMS; moved += 7) {
      index.put(IntStream.range(0, moved).mapToObj(SpaceVersionsTest::moved).toList()).join();
      index.refresh();

      assertThat(ids(index.search(during))).isEqualTo(wanted);
      // What BM25 knows of words still counts replaced items, so scores may shift a little.
      assertThat(ids(index.search(during.withText("red bell"))))
          .hasSize(10)
          .doesNotHaveDuplicates();
      assertThat(index.search(during).getFirst().score())
          .isCloseTo(index.search(before.beside(swap(asked))).getFirst().score(), within(1e-6));
    }
  }

  @Test
  void scoresOfTheOtherVersionAreBroughtToTheScaleOfTheQueryByModality() {
    Embedding asked = Samples.entry(7_919, DIMENSION).embedding();
    Map<Modality, ScoreScale> scales = Map.of(Modality.AUDIO, new ScoreScale(0.01, 5));
    IndexQuery query =
        IndexQuery.nearest(mirrored(asked), 5).beside(new Counterpart(asked, scales));

    List<Hit> hits = index.search(query);

    assertThat(hits).hasSize(5).allMatch(hit -> hit.entry().modality().equals(Modality.AUDIO));
    Hit best = hits.getFirst();
    assertThat(best.score())
        .isCloseTo(5 + 0.01 * asked.cosine(best.entry().embedding()), within(1e-9));
  }

  @Test
  void wordsFindItemsOfBothVersions() {
    index.put(IntStream.range(0, 30).mapToObj(SpaceVersionsTest::moved).toList()).join();
    index.refresh();
    Embedding asked = Samples.entry(7_919, DIMENSION).embedding();
    IndexQuery alone = IndexQuery.nearest(mirrored(asked), ITEMS).withText("red bell");

    assertThat(index.search(alone)).hasSize(30);
    assertThat(index.search(alone.beside(new Counterpart(asked, Map.of())))).hasSize(ITEMS);
  }

  @Test
  void countsAndListsWhatLivesInEachVersion() {
    index.put(List.of(moved(0), moved(3), moved(1))).join();
    index.delete(List.of("item-6")).join();
    index.refresh();

    assertThat(index.spaces()).containsExactly(OLD, NEW);
    assertThat(index.census(NEW)).isEqualTo(Map.of(Modality.IMAGE, 2L, Modality.AUDIO, 1L));
    assertThat(index.census(OLD).get(Modality.IMAGE)).isEqualTo(18L);
    List<String> walked = new ArrayList<>();
    List<String> page = index.ids(OLD, Modality.IMAGE, "", 5);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(5);
      walked.addAll(page);
      page = index.ids(OLD, Modality.IMAGE, page.getLast(), 5);
    }
    assertThat(walked)
        .isSorted()
        .hasSize(18)
        .doesNotContain("item-0", "item-3", "item-6")
        .contains("item-9", "item-60");
  }

  @Test
  void aVersionIsGoneWithItsLastItem() {
    index.put(IntStream.range(0, ITEMS).mapToObj(SpaceVersionsTest::moved).toList()).join();
    index.refresh();

    assertThat(index.spaces()).containsExactly(NEW);
    assertThat(index.census(OLD)).isEmpty();
    assertThat(index.ids(OLD, Modality.TEXT, "", 100)).isEmpty();
  }

  private static Counterpart swap(Embedding asked) {
    return new Counterpart(mirrored(asked), Map.of());
  }

  private static IndexEntry old(int n) {
    return Samples.entry(n, DIMENSION);
  }

  private static IndexEntry moved(int n) {
    IndexEntry old = old(n);
    return new IndexEntry(
        old.id(),
        old.modality(),
        old.path(),
        old.contentHash(),
        mirrored(old.embedding()),
        old.text(),
        old.metadata());
  }

  private static Embedding mirrored(Embedding old) {
    float[] values = new float[old.dimension()];
    for (int i = 0; i < values.length; i++) {
      values[i] = old.values().get(values.length - 1 - i) * (i % 2 == 0 ? 1 : -1);
    }
    return Embedding.of(NEW, FloatBuffer.wrap(values));
  }

  private static List<String> ids(List<Hit> hits) {
    return hits.stream().map(hit -> hit.entry().id()).toList();
  }
}
