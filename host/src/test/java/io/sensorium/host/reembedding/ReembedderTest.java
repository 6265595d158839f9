package io.sensorium.host.reembedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.ScoreScale;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.FakeEmbeddings;
import io.sensorium.host.FakeIndex;
import io.sensorium.host.FakeModels;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.ReembeddingOptions;
import io.sensorium.host.api.ReembeddingStatus;
import io.sensorium.host.api.ReembeddingStatus.Kept;
import io.sensorium.host.api.ReembeddingStatus.State;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.ingest.EntryIds;
import io.sensorium.host.ingest.Ingester;
import io.sensorium.host.query.Searcher;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ReembedderTest {
  private static final SpaceId OLD = FakeEmbeddings.WORLD;
  private static final SpaceId NEW = new SpaceId("world", "2");
  private static final int FILES = 97;

  @TempDir private Path folder;

  private final FakeEmbeddings embeddings = new FakeEmbeddings();
  private final FakeIndex index = new FakeIndex();
  private Path media;
  private Ingester.Services services;
  private Reembedder reembedder;

  @BeforeEach
  void indexSomeFiles() throws IOException {
    media = Files.createDirectory(folder.resolve("media"));
    services =
        new Ingester.Services(
            embeddings,
            index,
            Optional.empty(),
            "world",
            EntryIds.of("world", "world"),
            new MediaLimits(1000, 100, 100, Duration.ofSeconds(1)),
            Duration.ofMinutes(1),
            folder.resolve("home"));
    for (int i = 0; i < FILES; i++) {
      Files.writeString(media.resolve("%03d.txt".formatted(i)), "text " + i);
      Files.writeString(media.resolve("%03d.png".formatted(i)), "#picture " + i);
    }
    assertThat(run().indexed()).isEqualTo(2 * FILES);
    reembedder = reembedder();
  }

  private Reembedder reembedder() {
    return new Reembedder(
        ReembeddingOptions.DEFAULT.onlyWhenAsked(),
        () -> services,
        FakeModels::new,
        new Foreground(),
        folder.resolve("reembedding"));
  }

  @Test
  void movesEveryItemToTheNewVersionAndKeepsItsIdAndFacts() throws IOException {
    Path file = media.resolve("007.txt");
    IndexEntry before = index.find(file.toString()).orElseThrow();
    embeddings.versions.add(NEW);
    embeddings.modelVersion = "2";

    List<ReembeddingStatus> told = new ArrayList<>();
    ReembeddingStatus end = reembedder.now(false, told::add, soon());

    assertThat(end.moved()).isEqualTo(2 * FILES);
    assertThat(end.changes()).isEmpty();
    assertThat(told).isNotEmpty();
    assertThat(index.entries).hasSize(2 * FILES);
    assertThat(index.spaces()).containsExactly(NEW);
    IndexEntry after = index.find(file.toString()).orElseThrow();
    assertThat(after.embedding()).isEqualTo(FakeEmbeddings.unit("text 7", NEW));
    assertThat(after.contentHash()).isEqualTo(before.contentHash());
    assertThat(after.metadata()).containsEntry("model", "fake-text@2");
    assertThat(after.metadata().get("modified")).isEqualTo(before.metadata().get("modified"));
    int embedded = embeddings.embedded.get();
    IndexingReport again = run();
    assertThat(again.indexed()).isZero();
    assertThat(again.removed()).isZero();
    assertThat(embeddings.embedded).hasValue(embedded);
  }

  @Test
  void indexingLeavesOldItemsToItAndPutsNewFilesIntoTheNewVersion() throws IOException {
    embeddings.versions.add(NEW);
    Path fresh = Files.writeString(media.resolve("fresh.txt"), "fresh");

    IndexingReport report = run();

    assertThat(report.indexed()).isEqualTo(1);
    assertThat(report.unchanged()).isEqualTo(2 * FILES);
    assertThat(index.find(fresh.toString()).orElseThrow().embedding().space()).isEqualTo(NEW);

    embeddings.versions.remove(OLD);
    assertThat(run().indexed()).as("nothing finds them any more").isEqualTo(2 * FILES);
  }

  @Test
  void searchesFindEveryItemOnceInWhicheverVersionItIs() {
    embeddings.versions.add(NEW);
    Searcher searcher = new Searcher(embeddings, index, "world", reembedder.samples());
    SearchRequest all = SearchRequest.text("text 7").top(10_000);
    assertThat(searcher.search(all, soon())).hasSize(2 * FILES);
    move(31);
    assertThat(index.spaces()).hasSize(2);
    assertThat(searcher.search(all, soon())).hasSize(2 * FILES);
    assertThat(searcher.search(all, soon()).stream().map(hit -> hit.entry().id()).distinct())
        .hasSize(2 * FILES);
  }

  @Test
  void filesThatAreGoneAreForgottenAndWhatCannotBeReadStays() throws IOException {
    Path broken = Files.writeString(media.resolve("000.png"), "!");
    Files.delete(media.resolve("001.png"));
    Path missing = Files.createDirectory(folder.resolve("disk"));
    Files.writeString(missing.resolve("a.txt"), "on a disk");
    new Ingester(services).index(List.of(missing), IndexProgress.NONE, soon());
    Files.move(missing, folder.resolve("elsewhere"));
    index.put(List.of(text("note", "words without a file"), text("empty", ""))).join();
    embeddings.versions.add(NEW);

    ReembeddingStatus end = reembedder.now(false, status -> {}, soon());

    assertThat(end.removed()).isEqualTo(1);
    assertThat(end.kept())
        .extracting(Kept::id)
        .containsExactlyInAnyOrder(broken.toString(), missing.resolve("a.txt").toString(), "empty");
    assertThat(end.state()).isEqualTo(State.WAITING);
    assertThat(index.find("note").orElseThrow().embedding())
        .isEqualTo(FakeEmbeddings.unit("words without a file", NEW));
    assertThat(index.census(OLD)).isEqualTo(Map.of(Modality.TEXT, 2L, Modality.IMAGE, 1L));

    ReembeddingStatus forgotten = reembedder.now(true, status -> {}, soon());
    assertThat(forgotten.kept()).isEmpty();
    assertThat(index.spaces()).containsExactly(NEW);
  }

  @Test
  void waitsForTheEncodersOfTheNewVersionAndGoesOnWhereItStopped() {
    embeddings.versions.add(NEW);
    embeddings.readers.put(NEW, List.of(Modality.IMAGE));
    ReembeddingStatus waiting = reembedder.now(false, status -> {}, soon());
    assertThat(waiting.moved()).as("no text could find them there").isZero();
    assertThat(waiting.changes())
        .filteredOn(change -> change.modality().equals("image"))
        .singleElement()
        .satisfies(change -> assertThat(change.waitingFor()).containsExactly("text"));

    embeddings.readers.remove(NEW);
    move(40);
    reembedder = reembedder();
    ReembeddingStatus end = reembedder.now(false, status -> {}, soon());
    assertThat(end.moved()).isEqualTo(2 * FILES - 40);
  }

  @Test
  void aPauseOutlivesTheHost() {
    reembedder.pause();
    assertThat(reembedder().status().state()).isEqualTo(State.PAUSED);
    reembedder.resume();
    assertThat(reembedder().status().state()).isEqualTo(State.DONE);
  }

  @Test
  void scoresOfBothVersionsAreBroughtToOneScaleAlsoAfterARestart() {
    embeddings.versions.add(NEW);
    reembedder.now(false, status -> {}, soon());
    assertThat(reembedder.samples().scales(unit(OLD), unit(NEW))).isEmpty();

    ScoreSamples samples = ScoreSamples.load(folder.resolve("kept"));
    List<ScoreSamples.Sample> pairs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Embedding older = FakeEmbeddings.unit("item " + i, OLD);
      pairs.add(new ScoreSamples.Sample(older, turned(older)));
    }
    samples.add(new ScoreSamples.SampleKey(OLD, NEW, Modality.IMAGE), pairs);
    Embedding asked = unit(OLD);
    ScoreScale scale =
        ScoreSamples.load(folder.resolve("kept")).scales(asked, turned(asked)).get(Modality.IMAGE);
    assertThat(scale.factor()).isCloseTo(1, within(1e-6));
    assertThat(scale.offset()).isCloseTo(0, within(1e-6));
  }

  private void move(int items) {
    index.entries.values().stream()
        .limit(items)
        .toList()
        .forEach(
            entry ->
                index.entries.put(
                    entry.id(),
                    new IndexEntry(
                        entry.id(),
                        entry.modality(),
                        entry.path(),
                        entry.contentHash(),
                        FakeEmbeddings.unit(entry.path(), NEW),
                        entry.text(),
                        entry.metadata())));
  }

  private static IndexEntry text(String id, String words) {
    return new IndexEntry(
        id, Modality.TEXT, "", "", FakeEmbeddings.unit(words, OLD), words, Map.of());
  }

  private static Embedding unit(SpaceId space) {
    return FakeEmbeddings.unit("asked", space);
  }

  private static Embedding turned(Embedding older) {
    float[] values = new float[older.dimension()];
    older.values().get(values);
    float first = values[0];
    System.arraycopy(values, 1, values, 0, values.length - 1);
    values[values.length - 1] = -first;
    return Embedding.of(NEW, FloatBuffer.wrap(values));
  }

  private IndexingReport run() {
    return new Ingester(services).index(List.of(media), IndexProgress.NONE, soon());
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(30));
  }
}
