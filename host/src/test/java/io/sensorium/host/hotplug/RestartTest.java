package io.sensorium.host.hotplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.lifecycle.Step;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.hotplug.plugin.GoodActivator;
import io.sensorium.host.hotplug.plugin.ThrowingActivator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RestartTest {
  @TempDir private Path folder;

  @Test
  void whatWasCommittedComesBackAndNothingElse() throws Exception {
    Path one = jar("1.0.0");
    try (TestFramework host = start()) {
      host.changes().install(one);
      host.changes().update("sense", jar("2.0.0"));
      host.changes()
          .installForThisRun(TestJar.of("guest", "1.0.0").write(folder.resolve("guest.jar")));
      // What a crash between the steps leaves: a candidate in the cache, jars, half a file.
      host.framework().getBundleContext().installBundle(one.toUri().toString()).start();
      Files.copy(one, host.home.added().resolve("sense-7-0123456789abcdef.jar"));
      Files.writeString(host.home.added().resolve("bundle123.part"), "half");
    }
    try (TestFramework host = start()) {
      assertThat(host.changes().list())
          .singleElement()
          .satisfies(
              bundle -> {
                assertThat(bundle.version()).isEqualTo("2.0.0");
                assertThat(bundle.state()).isEqualTo("ACTIVE");
                assertThat(bundle.step()).isEqualTo(Step.READY);
              });
      assertThat(host.keptFiles()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flip", "truncate", "delete", "record"})
  void aKeptJarThatIsNotWhatWasInstalledIsSetAsideAndNotRun(String damage) throws Exception {
    try (TestFramework host = start()) {
      host.changes().install(jar("1.0.0"));
    }
    Path added = folder.resolve("home/bundles/added");
    try (Stream<Path> files = Files.list(added)) {
      String wanted = damage.equals("record") ? ".json" : ".jar";
      Path file = files.filter(f -> f.toString().endsWith(wanted)).findFirst().orElseThrow();
      damage(file, damage);
    }
    try (TestFramework host = start()) {
      assertThat(host.changes().list()).isEmpty();
      assertThat(host.plugIns.journal().quarantined())
          .singleElement()
          .satisfies(entry -> assertThat(entry.plugIn().name()).isEqualTo("sense"));
      assertThat(host.keptFiles()).isEmpty();
      assertThat(host.home.damaged()).isNotEmptyDirectory();
      assertThat(host.changes().install(jar("1.0.0")).state()).isEqualTo("ACTIVE");
    }
  }

  @Test
  void whatTheFirstVersionsKeptIsTakenOver() throws Exception {
    try (TestFramework host = start()) {
      host.changes().install(jar("2.0.0"));
    }
    Path added = folder.resolve("home/bundles/added");
    Files.copy(jar("1.0.0"), added.resolve("sense.jar"));
    TestJar.of("other", "1.3.0").activator(GoodActivator.class).write(added.resolve("other.jar"));
    Files.writeString(added.resolve("half.jar"), "no jar");
    for (int starts = 0; starts < 2; starts++) {
      try (TestFramework host = start()) {
        assertThat(host.find("sense").orElseThrow().version()).isEqualTo("2.0.0");
        BundleStatus other = host.find("other").orElseThrow();
        assertThat(other.version()).isEqualTo("1.3.0");
        assertThat(other.step()).isEqualTo(Step.READY);
        assertThat(host.keptFiles()).hasSize(4).doesNotContain("other.jar", "sense.jar");
        assertThat(host.home.damaged().resolve("half.jar")).hasContent("no jar");
        if (starts == 0) {
          assertThat(host.plugIns.journal().quarantined())
              .singleElement()
              .satisfies(entry -> assertThat(entry.plugIn().name()).isEqualTo("half"))
              .satisfies(entry -> assertThat(entry.reason()).contains("earlier version", "no jar"));
        }
      }
    }
    try (TestFramework host = start()) {
      host.changes().uninstall("other");
      assertThat(host.keptFiles()).hasSize(2);
    }
  }

  @Test
  void whatComesWithTheHostServesAgainWhenItsUpdateIsRemoved() throws Exception {
    List<Path> carried = List.of(jar("1.0.0"));
    Path home = folder.resolve("home");
    try (TestFramework host = new TestFramework(home, TestFramework.QUICK, carried)) {
      host.changes().update("sense", jar("2.0.0"));
    }
    try (TestFramework host = new TestFramework(home, TestFramework.QUICK, carried)) {
      assertThat(host.find("sense").orElseThrow().version()).isEqualTo("2.0.0");
      host.changes().uninstall("sense");
      assertThat(host.find("sense").orElseThrow())
          .satisfies(own -> assertThat(own.version()).isEqualTo("1.0.0"))
          .satisfies(own -> assertThat(own.state()).isEqualTo("ACTIVE"))
          .satisfies(own -> assertThat(own.origin()).isEqualTo(BundleStatus.Origin.CARRIED))
          .satisfies(own -> assertThat(own.step()).isEqualTo(Step.READY));
      assertThat(host.keptFiles()).isEmpty();
      host.changes().uninstall("sense");
      assertThat(host.find("sense")).isEmpty();
    }
    try (TestFramework host = new TestFramework(home, TestFramework.QUICK, carried)) {
      assertThat(host.find("sense").orElseThrow().version()).isEqualTo("1.0.0");
    }
  }

  private static void damage(Path file, String damage) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    switch (damage) {
      case "truncate" -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      case "delete" -> Files.delete(file);
      default -> {
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
      }
    }
  }

  @Test
  void aBundleThatDoesNotStartAnyMoreIsInQuarantineAndTheHostRuns() throws Exception {
    try (TestFramework host = start()) {
      host.changes().install(jar("1.0.0"));
      // As if it had worked when it was installed.
      Path bad =
          TestJar.of("bad", "1.0.0")
              .activator(ThrowingActivator.class)
              .write(folder.resolve("bad.jar"));
      KeptBundles kept = new KeptBundles(host.home.added(), host.home.damaged(), new Generations());
      KeptBundles.Staged staged = kept.stage(BundleJar.open(bad));
      kept.commit(
          new KeptBundle(
              "bad", "1.0.0", staged.jar().file().getFileName().toString(), staged.sha256(), null));
    }
    try (TestFramework host = start()) {
      assertThat(host.find("sense").orElseThrow().state()).isEqualTo("ACTIVE");
      assertThat(host.find("bad").orElseThrow().step()).isEqualTo(Step.QUARANTINED);
      assertThat(host.find("bad").orElseThrow().reason()).contains("out of order");
      host.changes().uninstall("bad");
    }
    try (TestFramework host = start()) {
      assertThat(host.find("bad")).isEmpty();
    }
  }

  /** Where the cache is damaged beyond reading, the host builds it anew: see HostIT. */
  @Test
  void aFlippedBitInTheCacheNeverCostsACommittedBundle() throws Exception {
    try (TestFramework host = start()) {
      host.changes().install(jar("1.0.0"));
    }
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 7; round++) {
      flipOneBit(random);
      try (TestFramework host = start()) {
        assertThat(host.find("sense").orElseThrow().state()).isEqualTo("ACTIVE");
      } catch (org.osgi.framework.BundleException | IllegalArgumentException e) {
        io.sensorium.host.launch.FileTree.delete(folder.resolve("home/cache"));
        try (TestFramework host = start()) {
          assertThat(host.find("sense").orElseThrow().state()).isEqualTo("ACTIVE");
        }
      }
    }
  }

  private void flipOneBit(Random random) throws IOException {
    try (Stream<Path> walk = Files.walk(folder.resolve("home/cache"))) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length > 0) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
          Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        }
      }
    }
  }

  private TestFramework start() throws Exception {
    return new TestFramework(folder.resolve("home"), TestFramework.PATIENT);
  }

  private Path jar(String version) throws IOException {
    return TestJar.of("sense", version)
        .activator(GoodActivator.class)
        .write(folder.resolve("sense-" + version + ".jar"));
  }
}
