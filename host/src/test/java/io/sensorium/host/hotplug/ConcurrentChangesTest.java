package io.sensorium.host.hotplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.hotplug.plugin.GoodActivator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class ConcurrentChangesTest {
  private static final int THREADS = 32;
  private static final int CHANGES = 32;

  @TempDir private Path folder;

  @Test
  void thirtyTwoThreadsChangeTheSameBundleAndTheEndIsOneOfTheOrders() throws Exception {
    Path one = jar("sense", "1.0.0");
    Path two = jar("sense", "2.0.0");
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    CountDownLatch done = new CountDownLatch(THREADS);
    try (TestFramework host = new TestFramework(folder.resolve("home"), TestFramework.PATIENT)) {
      for (int t = 0; t < THREADS; t++) {
        Random random = new Random(seed + t);
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (int i = 0; i < CHANGES; i++) {
                    String outcome =
                        change(host, random.nextInt(3), random.nextBoolean() ? one : two);
                    outcomes.computeIfAbsent(outcome, key -> new LongAdder()).increment();
                  }
                  done.countDown();
                });
      }
      assertThat(done.await(200, TimeUnit.SECONDS)).as("no deadlock; %s", outcomes).isTrue();
      System.out.println(outcomes);
      assertThat(outcomes.keySet())
          .containsAnyOf("installed", "updated", "removed")
          .allMatch(
              outcome ->
                  List.of("installed", "updated", "removed", "installed already", "no bundle")
                      .contains(outcome));
      assertThat(outcomes.values().stream().mapToLong(LongAdder::sum).sum())
          .isEqualTo(THREADS * CHANGES);
      assertConsistent(host, outcomes);
    }
    try (TestFramework host = new TestFramework(folder.resolve("home"), TestFramework.PATIENT)) {
      assertConsistent(host, outcomes);
    }
  }

  private static void assertConsistent(TestFramework host, Map<String, LongAdder> outcomes)
      throws Exception {
    long installed = outcomes.get("installed").sum();
    long removed = outcomes.get("removed").sum();
    List<BundleStatus> bundles = host.changes().list();
    assertThat(bundles).hasSize((int) (installed - removed)).hasSizeLessThan(2);
    assertThat(bundles).allMatch(bundle -> bundle.state().equals("ACTIVE"));
    assertThat(host.keptFiles()).hasSize(2 * bundles.size());
  }

  private static String change(TestFramework host, int kind, Path jar) {
    try {
      return switch (kind) {
        case 0 -> {
          host.changes().install(jar);
          yield "installed";
        }
        case 1 -> {
          host.changes().update("sense", jar);
          yield "updated";
        }
        default -> {
          host.changes().uninstall("sense");
          yield "removed";
        }
      };
    } catch (BundleException e) {
      return e.getMessage().contains("installed already")
          ? "installed already"
          : e.getMessage().contains("no bundle") ? "no bundle" : e.getMessage();
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  @Test
  void differentBundlesComeSideBySide() throws Exception {
    int count = 7;
    List<Path> jars = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jars.add(
          TestJar.of("sense" + i, "1.0.0")
              .activator(io.sensorium.host.hotplug.plugin.MeetingActivator.class)
              .write(folder.resolve("sense" + i + ".jar")));
    }
    CountDownLatch meeting = new CountDownLatch(count);
    System.getProperties().put("meeting", meeting);
    CountDownLatch done = new CountDownLatch(count);
    try (TestFramework host = new TestFramework(folder.resolve("home"), TestFramework.PATIENT)) {
      for (Path jar : jars) {
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  host.changes().install(jar);
                  done.countDown();
                });
      }
      assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(host.changes().list()).hasSize(count);
    } finally {
      System.getProperties().remove("meeting");
    }
  }

  private Path jar(String name, String version) throws Exception {
    return TestJar.of(name, version)
        .activator(GoodActivator.class)
        .write(folder.resolve(name + version + ".jar"));
  }
}
