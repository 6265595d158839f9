package io.sensorium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link MediaIndex} must do. It may hold other items; the tests' own are in a space of
 * theirs and are removed again.
 */
public abstract class MediaIndexContract {
  private static final SpaceId SPACE = new SpaceId("index-contract", "1");
  private static final int DIMENSION = 7;
  private static final Modality MOTION = new Modality("motion");

  private final String prefix = "contract-" + UUID.randomUUID() + "-";
  private final Random random = new Random(4711);

  /** The index under test; the same one for all calls of a test. */
  protected abstract MediaIndex index();

  @AfterEach
  void removeWhatWasPut() throws Exception {
    index().refresh();
    await(index().delete(index().ids(prefix)));
  }

  @Test
  void whatIsPutIsFoundListedAndSearched() throws Exception {
    long before = index().size();
    List<IndexEntry> entries = IntStream.range(0, 11).mapToObj(i -> entry(i, MOTION)).toList();
    await(index().put(entries));
    index().refresh();
    assertThat(index().size()).isEqualTo(before + 11);
    assertThat(index().find(prefix + "03")).contains(entries.get(3));
    assertThat(index().ids(prefix))
        .containsExactlyElementsOf(entries.stream().map(IndexEntry::id).toList());
    for (IndexEntry entry : entries) {
      Hit best = index().search(IndexQuery.nearest(entry.embedding(), 3)).getFirst();
      assertThat(best.entry().id()).isEqualTo(entry.id());
      assertThat(best.rank()).isOne();
    }
  }

  @Test
  void theNearestComeFirst() throws Exception {
    List<IndexEntry> entries = IntStream.range(0, 101).mapToObj(i -> entry(i, MOTION)).toList();
    await(index().put(entries));
    index().refresh();
    Embedding asked = embedding();
    List<String> nearest =
        entries.stream()
            .sorted((a, b) -> Double.compare(cosine(asked, b), cosine(asked, a)))
            .limit(5)
            .map(IndexEntry::id)
            .toList();
    assertThat(index().search(IndexQuery.nearest(asked, 5)))
        .extracting(hit -> hit.entry().id())
        .containsExactlyElementsOf(nearest);
  }

  @Test
  void anIdThatIsPutAgainIsReplaced() throws Exception {
    long before = index().size();
    await(index().put(List.of(entry(1, MOTION))));
    IndexEntry again = entry(1, Modality.IMAGE);
    await(index().put(List.of(again)));
    index().refresh();
    assertThat(index().size()).isEqualTo(before + 1);
    assertThat(index().find(again.id())).contains(again);
  }

  @Test
  void whatIsDeletedIsGoneAndUnknownIdsAreIgnored() throws Exception {
    IndexEntry kept = entry(1, MOTION);
    IndexEntry gone = entry(2, MOTION);
    await(index().put(List.of(kept, gone)));
    await(index().delete(List.of(gone.id(), prefix + "never-there")));
    index().refresh();
    assertThat(index().find(gone.id())).isEmpty();
    assertThat(index().ids(prefix)).containsExactly(kept.id());
    assertThat(index().search(IndexQuery.nearest(gone.embedding(), 5)))
        .extracting(hit -> hit.entry().id())
        .doesNotContain(gone.id());
  }

  @Test
  void filtersNarrowTheAnswer() throws Exception {
    await(index().put(List.of(entry(1, MOTION), entry(2, Modality.IMAGE), entry(3, MOTION))));
    index().refresh();
    IndexQuery query = IndexQuery.nearest(embedding(), 10);
    assertThat(ids(query.among(Set.of(MOTION))))
        .containsExactlyInAnyOrder(prefix + "01", prefix + "03");
    assertThat(ids(query.having(Map.of("number", "2")))).containsExactly(prefix + "02");
    assertThat(ids(query.having(Map.of("number", "2")).among(Set.of(MOTION)))).isEmpty();
  }

  @Test
  void wordsAreFound() throws Exception {
    await(index().put(List.of(entry(1, MOTION), entry(2, MOTION))));
    index().refresh();
    IndexQuery query =
        IndexQuery.nearest(embedding(), 2).withText("number2 " + prefix.replace('-', ' '));
    assertThat(ids(query)).contains(prefix + "02");
  }

  @Test
  void anotherDimensionOfTheSameSpaceIsRefused() throws Exception {
    await(index().put(List.of(entry(1, MOTION))));
    index().refresh();
    Embedding longer = Embedding.of(SPACE, FloatBuffer.wrap(new float[] {1, 0, 0, 0, 0, 0, 0, 0}));
    assertThatThrownBy(() -> index().search(IndexQuery.nearest(longer, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void severalThreadsPutAtOnceAndNothingIsLost() throws Exception {
    List<CompletableFuture<Void>> puts = new ArrayList<>();
    for (int first = 0; first < 80; first += 8) {
      List<IndexEntry> entries =
          IntStream.range(first, first + 8).mapToObj(i -> entry(i, MOTION)).toList();
      puts.add(CompletableFuture.runAsync(() -> {}).thenCompose(started -> index().put(entries)));
    }
    for (CompletableFuture<Void> put : puts) {
      await(put);
    }
    index().refresh();
    assertThat(index().ids(prefix)).hasSize(80);
  }

  @Test
  void itsHealthIsTold() {
    assertThat(index().health().writable()).isTrue();
  }

  private List<String> ids(IndexQuery query) {
    return index().search(query).stream().map(hit -> hit.entry().id()).toList();
  }

  private IndexEntry entry(int number, Modality modality) {
    return new IndexEntry(
        prefix + "%02d".formatted(number),
        modality,
        "/contract/" + number,
        "",
        embedding(),
        "number" + number,
        Map.of("number", Integer.toString(number)));
  }

  private Embedding embedding() {
    float[] components = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      components[i] = (float) random.nextGaussian();
    }
    return Embedding.of(SPACE, FloatBuffer.wrap(components)).normalized();
  }

  private static double cosine(Embedding asked, IndexEntry entry) {
    return asked.cosine(entry.embedding());
  }

  private static void await(CompletableFuture<Void> change) throws Exception {
    change.get(1, TimeUnit.MINUTES);
  }
}
