package io.sensorium.it;

import static io.sensorium.it.StandingQueries.differences;
import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionStatus;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.ReembeddingOptions;
import io.sensorium.host.api.ReembeddingStatus;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.it.StandingQueries.Found;
import io.sensorium.models.world.Scene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default models get a next version; the host is killed while items move to it. */
class SpaceChangeIT {
  private static final long SEED = 97;
  private static final int PICTURES = 120;
  private static final int SOUNDS = 20;
  private static final int MOVED_BEFORE_KILL = 80;
  private static final SpaceId OLD = new SpaceId("world", "1");
  private static final SpaceId NEW = new SpaceId("world", "2");

  @TempDir Path folder;

  @Test
  void itemsFollowTheirSpaceWhileQueriesAreAnswered() throws Exception {
    Path home = folder.resolve("home");
    Path media = media();
    StandingQueries queries = new StandingQueries(media);
    List<Path> packages = new ArrayList<>();
    List<List<Found>> before;
    long items;
    long bytesBefore;
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home))) {
      assertThat(sensorium.index(List.of(media), IndexProgress.NONE).unreadable()).isEmpty();
      sensorium.service(MediaIndex.class).refresh();
      before = queries.answers(sensorium);
      items = sensorium.service(MediaIndex.class).size();
      bytesBefore = sessionBytes(sensorium);
      int dimension = sensorium.encoders().getFirst().dimension();
      for (ModelPackage model : sensorium.models().packages()) {
        if (model.manifest().space().isEmpty()) {
          continue;
        }
        Path next = folder.resolve("next").resolve(model.manifest().id());
        packages.add(new RotatedPackage(dimension).write(model, next, "2.0.0", NEW.version()));
      }
    }

    killedWhileMoving(home, media, packages);

    SensoriumOptions options =
        SensoriumOptions.at(home).reembedding(ReembeddingOptions.DEFAULT.onShare(0.5));
    try (Sensorium sensorium = Sensorium.start(options)) {
      assertThat(sensorium.service(MediaIndex.class).spaces()).containsExactly(OLD, NEW);
      assertThat(differences(before, queries.answers(sensorium))).as("half-way").isEmpty();
      try (StandingQueries.Watch watch = queries.new Watch(sensorium, before)) {
        IndexingReport report = sensorium.index(List.of(media), IndexProgress.NONE);
        assertThat(report.indexed()).isZero();
        assertThat(report.removed()).isZero();

        ReembeddingStatus end = awaitDropped(sensorium);
        assertThat(end.kept()).isEmpty();
        assertThat(end.removed()).isZero();
        assertThat(end.moved()).as("what was left").isBetween(1L, items - MOVED_BEFORE_KILL);
        assertThat(watch.failures).isEmpty();
        assertThat(watch.asked.get()).isGreaterThan(20);
      }
      assertThat(sensorium.service(MediaIndex.class).spaces()).containsExactly(NEW);
      assertThat(sensorium.service(MediaIndex.class).size()).isEqualTo(items);
      assertThat(differences(before, queries.answers(sensorium))).as("afterwards").isEmpty();
      assertOnlyNewVersionServes(sensorium);
      assertThat(sessionBytes(sensorium)).isLessThan(bytesBefore + bytesBefore / 10);
    }

    try (Sensorium sensorium = Sensorium.start(options)) {
      assertOnlyNewVersionServes(sensorium);
      IndexingReport report = sensorium.index(List.of(media), IndexProgress.NONE);
      assertThat(report.indexed()).isZero();
      assertThat(report.unchanged()).isEqualTo(items);
      assertThat(differences(before, queries.answers(sensorium))).as("after a restart").isEmpty();
    }
  }

  private Path media() throws IOException {
    Path media = folder.resolve("media");
    WorldFiles files = new WorldFiles(SEED, 0);
    Map<Path, Scene> pictures = files.pictures(media.resolve("pictures"), PICTURES);
    Path sounds = Files.createDirectories(media.resolve("sounds"));
    int sound = 0;
    for (Scene scene : pictures.values().stream().limit(SOUNDS).toList()) {
      files.sound(sounds.resolve("s%04d.wav".formatted(sound++)), scene);
    }
    Files.writeString(media.resolve("note.txt"), "a small bell rings in the night");
    Files.writeString(media.resolve("other.txt"), "two red drums");
    return media;
  }

  /** Starts a host that moves slowly, and kills it when some items have moved. */
  private void killedWhileMoving(Path home, Path media, List<Path> packages) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(home.toString(), media.toString()));
    packages.forEach(each -> arguments.add(each.toString()));
    Path log = folder.resolve("child.log");
    Process child =
        ChildHost.java(SpaceChangingChild.class.getName(), arguments.toArray(String[]::new))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      long moved = 0;
      while (moved < MOVED_BEFORE_KILL) {
        assertThat(child.waitFor(20, TimeUnit.MILLISECONDS))
            .as(() -> "a child that ended before it was killed: " + read(log))
            .isFalse();
        moved = movedSoFar(log);
      }
      assertThat(moved).as("moved before the kill").isLessThan(PICTURES + SOUNDS + 2);
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(read(log).lines().filter(line -> line.startsWith("failure"))).isEmpty();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static long movedSoFar(Path log) {
    String text = read(log);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.startsWith("moved"))
        .mapToLong(line -> Long.parseLong(line.split(" ", -1)[1]))
        .max()
        .orElse(0);
  }

  private static ReembeddingStatus awaitDropped(Sensorium sensorium) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    ReembeddingStatus status = sensorium.reembedding().status();
    while (!status.dropped().contains(OLD.toString())) {
      assertThat(System.nanoTime()).as(() -> "gave up waiting").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      status = sensorium.reembedding().status();
    }
    return status;
  }

  private static void assertOnlyNewVersionServes(Sensorium sensorium) {
    assertThat(sensorium.models().packages())
        .flatExtracting(model -> model.manifest().space().stream().toList())
        .containsExactly(NEW, NEW, NEW);
    assertThat(sensorium.encoders()).hasSize(3).allMatch(e -> e.space().equals(NEW));
    assertThat(sensorium.service(InferenceRuntime.class).sessions())
        .extracting(SessionStatus::version)
        .containsOnly("2.0.0");
  }

  private static long sessionBytes(Sensorium sensorium) {
    return sensorium.service(InferenceRuntime.class).sessions().stream()
        .mapToLong(SessionStatus::weightBytes)
        .sum();
  }
}
