package io.sensorium.host.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.index.Hit;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hosts in one JVM, side by side and one after another. */
@Timeout(300)
class SeveralHostsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @Test
  void hostsSideBySideShareNothingButTheProcess() throws IOException {
    Path bells = text("bells", "Three small bells ring.");
    Path rain = text("rain", "Heavy rain falls on the roof.");
    Path sense = TestBundle.write(folder.resolve("sense.jar"), "sense", "1.0.0", "");
    try (Sensorium second = Sensorium.start(at("second"))) {
      Embedding alone;
      try (Sensorium first = Sensorium.start(at("first"))) {
        first.index(List.of(bells), IndexProgress.NONE);
        second.index(List.of(rain), IndexProgress.NONE);
        assertThat(paths(first)).containsExactly(bells.toRealPath().toString());
        assertThat(paths(second)).containsExactly(rain.toRealPath().toString());

        first.installBundle(sense);
        assertThat(first.bundles()).extracting(BundleStatus::name).contains("sense");
        assertThat(second.bundles()).extracting(BundleStatus::name).doesNotContain("sense");
        assertThat(first.service(ModelRepository.class))
            .isNotSameAs(second.service(ModelRepository.class));

        alone = first.embed(EncodeRequest.text("a bell"));
        assertThat(second.embed(EncodeRequest.text("a bell"))).isEqualTo(alone);
      }
      assertThat(second.embed(EncodeRequest.text("a bell"))).isEqualTo(alone);
      assertThat(paths(second)).containsExactly(rain.toRealPath().toString());
      try (Sensorium third = Sensorium.start(at("first"))) {
        assertThat(paths(third)).containsExactly(bells.toRealPath().toString());
        assertThat(third.embed(EncodeRequest.text("a bell"))).isEqualTo(alone);
      }
    }
  }

  @Test
  void hostsOneAfterAnotherLeaveNoThreadsAndNoOpenFiles() throws IOException {
    Path bells = text("bells", "Three small bells ring.");
    run(bells);
    List<String> threads = threads();
    List<String> files = openFiles();
    for (int round = 0; round < 3; round++) {
      run(bells);
    }
    // The last of a host's threads end a moment after the framework says that it has stopped.
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!beyond(threads).isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(20_000_000);
    }
    assertThat(beyond(threads)).isEmpty();
    assertThat(openFiles()).isEqualTo(files);
  }

  private void run(Path item) {
    try (Sensorium sensorium = Sensorium.start(at("home"))) {
      sensorium.index(List.of(item), IndexProgress.NONE);
      assertThat(paths(sensorium)).hasSize(1);
      sensorium.serve();
    }
  }

  private static List<String> paths(Sensorium sensorium) {
    return sensorium.search(SearchRequest.text("something")).stream()
        .map(Hit::entry)
        .map(entry -> entry.path())
        .toList();
  }

  /** Threads that are more than there were before. */
  private static List<String> beyond(List<String> before) {
    List<String> more = new ArrayList<>(threads());
    before.forEach(more::remove);
    return more;
  }

  /** Threads by name, without those that the JVM's own pools make and drop as they like. */
  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> !name.startsWith("ForkJoinPool") && !name.startsWith("process reaper"))
        .sorted()
        .toList();
  }

  /** Files in the home that this process still holds, where the system tells. */
  private List<String> openFiles() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return List.of();
    }
    try (var all = Files.list(descriptors)) {
      return all.map(SeveralHostsIT::target)
          .filter(target -> target.startsWith(folder.toString()))
          .sorted()
          .toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  private Path text(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name + ".txt"), content);
  }

  private SensoriumOptions at(String home) {
    return SensoriumOptions.at(folder.resolve(home));
  }
}
