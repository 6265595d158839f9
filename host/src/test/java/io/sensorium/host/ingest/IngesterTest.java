package io.sensorium.host.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.host.FakeEmbeddings;
import io.sensorium.host.FakeIndex;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.IndexingReport.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngesterTest {
  @TempDir private Path folder;

  private final FakeEmbeddings embeddings = new FakeEmbeddings();
  private final FakeIndex index = new FakeIndex();
  private Path media;
  private Ingester ingester;

  @BeforeEach
  void prepare() throws IOException {
    media = Files.createDirectory(folder.resolve("media"));
    ingester = ingesterInto("world");
  }

  private Ingester ingesterInto(String space) {
    return new Ingester(
        new Ingester.Services(
            embeddings,
            index,
            Optional.empty(),
            space,
            EntryIds.of(space, "world"),
            new MediaLimits(1000, 100, 100, Duration.ofSeconds(1)),
            Duration.ofMinutes(1),
            media.resolve("home")));
  }

  @Test
  void indexesEveryFileOnceAndSkipsWhatIsUnchanged() throws IOException {
    for (int i = 0; i < 131; i++) {
      write("folder-" + i % 3 + "/file-" + i + ".txt", "text " + i);
    }

    IndexingReport first = run();
    IndexingReport second = run();

    assertThat(first.indexed()).isEqualTo(131);
    assertThat(first.unreadable()).isEmpty();
    assertThat(index.entries).hasSize(131);
    assertThat(second.indexed()).isZero();
    assertThat(second.unchanged()).isEqualTo(131);
    assertThat(embeddings.embedded).hasValue(131);
  }

  @Test
  void tellsIdHashWordsAndMetadataOfAFile() throws IOException {
    Path file = write("Holiday/redBell_at-noon.PNG", "# picture");

    run();

    IndexEntry entry = index.entries.get(file.toString());
    assertThat(entry.modality()).isEqualTo(Modality.IMAGE);
    assertThat(entry.path()).isEqualTo(file.toString());
    assertThat(entry.contentHash()).matches("[0-9a-f]{64}");
    assertThat(entry.text()).isEqualTo("red Bell at noon");
    assertThat(entry.metadata())
        .containsEntry("name", "redBell_at-noon.PNG")
        .containsEntry("folder", file.getParent().toString())
        .containsEntry("extension", "png")
        .containsEntry("bytes", "9")
        .containsEntry("model", "fake-image@1");
  }

  @Test
  void readsAFileAgainWhenOnlyItsContentChanged() throws IOException {
    Path file = write("a.txt", "one");
    run();
    FileTime before = Files.getLastModifiedTime(file);
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, before);

    IndexingReport report = run();

    assertThat(report.indexed()).isEqualTo(1);
    assertThat(index.entries.get(file.toString()).embedding())
        .isEqualTo(FakeEmbeddings.unit("two"));
  }

  @Test
  void doesNotReadAnOldFileWhoseSizeAndTimeAreTheSame() throws IOException {
    Path file = write("a.txt", "one");
    FileTime old = FileTime.from(Instant.now().minusSeconds(3600));
    Files.setLastModifiedTime(file, old);
    run();
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, old);

    assertThat(run().unchanged()).isEqualTo(1);
  }

  @Test
  void embedsAgainWhenTheModelHasANewVersion() throws IOException {
    write("a.txt", "one");
    run();
    embeddings.modelVersion = "2";

    assertThat(run().indexed()).isEqualTo(1);
    assertThat(index.entries.firstEntry().getValue().metadata())
        .containsEntry("model", "fake-text@2");
  }

  @Test
  void forgetsDeletedFilesBelowTheRootsAlone() throws IOException {
    Path gone = write("a/gone.txt", "gone");
    write("a/stays.txt", "stays");
    Path elsewhere = write("b/elsewhere.txt", "elsewhere");
    Path sibling = write("ab/sibling.txt", "sibling");
    run();
    Files.delete(gone);
    Files.delete(elsewhere);
    Files.delete(sibling);

    IndexingReport report = run(media.resolve("a"));

    assertThat(report.removed()).isEqualTo(1);
    assertThat(index.entries).doesNotContainKey(gone.toString()).hasSize(3);
  }

  @Test
  void aFileHasAnEntryInEverySpaceThatItWasIndexedInto() throws IOException {
    Path file = write("a.txt", "twice");
    run();
    ingester = ingesterInto("clip");
    run();

    assertThat(index.entries).containsOnlyKeys(file.toString(), "clip|" + file);
    IndexEntry second = index.entries.get("clip|" + file);
    assertThat(second.path()).isEqualTo(file.toString());
    assertThat(second.embedding().space().name()).isEqualTo("clip");

    Path other = write("b.txt", "in one space alone");
    run();
    Files.delete(file);
    ingester = ingesterInto("world");
    assertThat(run().removed()).as("from both spaces").isEqualTo(2);
    assertThat(index.entries).containsOnlyKeys("clip|" + other, other.toString());
  }

  @Test
  void namesEveryFileThatItCannotReadAndGoesOn() throws IOException {
    write("good.txt", "good");
    write("empty.png", "");
    write("unknown.bin", "?");
    write("broken.png", "!");
    write("huge.txt", "x".repeat(1001));
    Path dangling = media.resolve("dangling.txt");
    Files.createSymbolicLink(dangling, media.resolve("nowhere"));
    Path missing = media.resolve("missing");

    IndexingReport report = run(media, missing);

    assertThat(report.indexed()).isEqualTo(1);
    assertThat(report.unreadable())
        .extracting(Unreadable::path)
        .containsExactlyInAnyOrder(
            missing.toString(),
            dangling.toString(),
            media.resolve("empty.png").toString(),
            media.resolve("unknown.bin").toString(),
            media.resolve("broken.png").toString(),
            media.resolve("huge.txt").toString());
    assertThat(report.unreadable()).allMatch(left -> !left.reason().contains("\n"));
    assertThat(report.unreadable())
        .contains(
            new Unreadable(missing.toString(), "no such file or folder"),
            new Unreadable(media.resolve("empty.png").toString(), "it is empty"));
  }

  @Test
  void forgetsAFileWhoseNewContentCannotBeRead() throws IOException {
    Path file = write("a.txt", "good");
    run();
    Files.writeString(file, "! broken now");

    IndexingReport report = run();

    assertThat(report.unreadable()).hasSize(1);
    assertThat(report.removed()).isEqualTo(1);
    assertThat(index.entries).isEmpty();
  }

  @Test
  void followsLinksButNotInCirclesAndSkipsHiddenFilesAndTheHome() throws IOException {
    write("a/file.txt", "file");
    write(".hidden/file.txt", "hidden");
    write("a/.file", "hidden");
    write("home/index.txt", "own");
    Files.createSymbolicLink(media.resolve("a/loop"), media);
    Files.createSymbolicLink(media.resolve("linked.txt"), media.resolve("a/file.txt"));

    IndexingReport report = run();

    assertThat(index.entries)
        .containsOnlyKeys(
            media.resolve("a/file.txt").toString(), media.resolve("linked.txt").toString());
    assertThat(report.unreadable())
        .singleElement()
        .satisfies(left -> assertThat(left.reason()).contains("link"));
  }

  @Test
  void triesAgainWhileAnEncoderIsBeingReplacedOrFull() throws IOException {
    write("a.txt", "one");
    embeddings.failures.add(new ServiceGoneException("leaving"));
    embeddings.failures.add(new ResourceExhaustedException("full"));

    assertThat(run().indexed()).isEqualTo(1);
  }

  @Test
  void doesNotWaitForMemoryThatThereWillNeverBe() throws IOException {
    write("a.txt", "one");
    embeddings.failures.add(new ResourceExhaustedException("too large", null, false));

    IndexingReport report = run();
    assertThat(report.indexed()).isZero();
    assertThat(report.unreadable())
        .singleElement()
        .satisfies(left -> assertThat(left.reason()).contains("too large"));
  }

  @Test
  void goesOnAfterAnInterruptionWhereItStopped() throws IOException {
    for (int i = 0; i < 300; i++) {
      write("file-" + i + ".txt", "text " + i);
    }
    RequestContext context = RequestContext.within(Duration.ofMinutes(1));
    AtomicInteger count = new AtomicInteger();
    embeddings.beforeEach =
        () -> {
          if (count.incrementAndGet() == 150) {
            context.cancel();
          }
        };
    assertThatThrownBy(() -> ingester.index(List.of(media), IndexProgress.NONE, context))
        .isInstanceOf(RequestCancelledException.class);
    int before = index.entries.size();
    int embeddedBefore = embeddings.embedded.get();
    embeddings.beforeEach = () -> {};

    IndexingReport report = run();

    assertThat(before).isBetween(64, 299);
    assertThat(report.unchanged()).isEqualTo(before);
    assertThat(report.indexed()).isEqualTo(300 - before);
    assertThat(embeddings.embedded.get() - embeddedBefore).isEqualTo(300 - before);
    assertThat(index.entries).hasSize(300);
  }

  @Test
  void stopsWhenTheIndexTakesNothingMore() throws IOException {
    for (int i = 0; i < 200; i++) {
      write("file-" + i + ".txt", "text " + i);
    }
    index.failure = new ResourceExhaustedException("the disk is full");

    assertThatThrownBy(this::run)
        .isInstanceOf(ResourceExhaustedException.class)
        .hasMessage("the disk is full");
    assertThat(embeddings.embedded.get()).isLessThan(200);
  }

  @Test
  void tellsProgressUpToTheEnd() throws IOException {
    for (int i = 0; i < 7; i++) {
      write("file-" + i + ".txt", "text " + i);
    }
    List<IndexProgress.State> states = new ArrayList<>();

    ingester.index(List.of(media), states::add, RequestContext.within(Duration.ofMinutes(1)));

    assertThat(states.getFirst().total()).isZero();
    assertThat(states.getLast().done()).isEqualTo(7);
    assertThat(states.getLast().total()).isEqualTo(7);
  }

  private IndexingReport run(Path... roots) {
    return ingester.index(
        roots.length == 0 ? List.of(media) : List.of(roots),
        IndexProgress.NONE,
        RequestContext.within(Duration.ofMinutes(1)));
  }

  private Path write(String name, String content) throws IOException {
    Path file = media.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }
}
