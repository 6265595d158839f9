package io.sensorium.host.hotplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.BundleStatus.Origin;
import io.sensorium.host.api.LifecycleJournal.Listening;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.hotplug.plugin.GoodActivator;
import io.sensorium.host.hotplug.plugin.MeetingActivator;
import io.sensorium.host.hotplug.plugin.ThrowingActivator;
import io.sensorium.host.hotplug.plugin.WaitingActivator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleActivator;

/** The packaged host and its deploy folder. */
@Timeout(180)
class DeployIT {
  @TempDir private Path folder;
  private Path deploy;

  @BeforeEach
  void makeFolder() throws IOException {
    deploy = Files.createDirectories(folder.resolve("home/deploy"));
  }

  @Test
  void whatIsDroppedInGoesTheSameWayAsEverythingElse() throws IOException {
    drop("sense.jar", "1.0.0", GoodActivator.class);
    try (Sensorium host = start()) {
      BundleStatus first = find(host).orElseThrow();
      assertThat(first.step()).isEqualTo(Step.READY);
      assertThat(first.origin()).isEqualTo(Origin.DEPLOYED);

      drop("sense.jar", "1.1.0", ThrowingActivator.class);
      await(() -> !host.lifecycle().quarantined().isEmpty());
      assertThat(host.lifecycle().quarantined().getFirst().reason()).contains("out of order");
      assertThat(find(host)).map(BundleStatus::id).contains(first.id());
      assertThat(host.doctor().problems()).anyMatch(problem -> problem.contains("out of order"));

      drop("sense.jar", "1.2.0", GoodActivator.class);
      await(() -> isVersion(host, "1.2.0"));
      assertThat(host.lifecycle().quarantined()).isEmpty();

      drop("sense-old.jar", "1.0.0", GoodActivator.class);
      await(() -> host.doctor().problems().toString().contains("not newer"));
      assertThat(isVersion(host, "1.2.0")).isTrue();

      Files.delete(deploy.resolve("sense.jar"));
      await(() -> isVersion(host, "1.0.0"));
      Files.delete(deploy.resolve("sense-old.jar"));
      await(() -> find(host).isEmpty());
    }
  }

  @Test
  void aBadVersionThatLiesThereAtAStartLeavesTheGoodOneServing() throws IOException {
    drop("sense.jar", "1.0.0", GoodActivator.class);
    start().close();
    drop("sense.jar", "2.0.0", ThrowingActivator.class);
    try (Sensorium host = start()) {
      assertThat(isVersion(host, "1.0.0")).isTrue();
      assertThat(host.lifecycle().quarantined()).hasSize(1);
      Path newer = drop("elsewhere", "3.0.0", GoodActivator.class);
      assertThat(host.updateBundle("sense", newer).version()).isEqualTo("3.0.0");
    }
    Files.delete(deploy.resolve("sense.jar"));
    try (Sensorium host = start()) {
      assertThat(find(host)).isEmpty();
    }
  }

  @Test
  void aJarThatHangsKeepsNoOtherWaiting() throws IOException {
    CountDownLatch meeting = new CountDownLatch(2);
    System.getProperties().put("meeting", meeting);
    Queue<LifecycleEvent> events = new ConcurrentLinkedQueue<>();
    try (Sensorium host = Sensorium.start(options().withPlugIns(TestFramework.PATIENT));
        Listening _ = host.lifecycle().listen(events::add)) {
      drop("a-hangs.jar", "hanging", "1.0.0", MeetingActivator.class);
      await(() -> told(events, "hanging", Step.LOAD));
      drop("sense.jar", "1.0.0", GoodActivator.class);
      await(() -> told(events, "sense", Step.READY));
      assertThat(told(events, "hanging", Step.READY)).isFalse();
      meeting.countDown();
      await(() -> told(events, "hanging", Step.READY));
    } finally {
      System.getProperties().remove("meeting");
    }
  }

  @Test
  void aJarThatHangsIsLeftOutUntilABetterOneLiesThere() throws IOException {
    drop("sense.jar", "1.0.0", GoodActivator.class);
    start().close();
    Queue<LifecycleEvent> events = new ConcurrentLinkedQueue<>();
    try (Sensorium host = Sensorium.start(options().withPlugIns(TestFramework.QUICK));
        Listening _ = host.lifecycle().listen(events::add)) {
      drop("a-hangs.jar", "hanging", "1.0.0", WaitingActivator.class);
      await(() -> told(events, "hanging", Step.QUARANTINED));
      assertThat(host.lifecycle().quarantined())
          .singleElement()
          .satisfies(entry -> assertThat(entry.plugIn().name()).isEqualTo("hanging"))
          .satisfies(entry -> assertThat(entry.reason()).contains("longer than 2 s"))
          .satisfies(entry -> assertThat(entry.failedIn()).contains(Step.LOAD));
      assertThat(isVersion(host, "1.0.0")).isTrue();

      drop("a-hangs.jar", "hanging", "1.1.0", GoodActivator.class);
      await(() -> host.lifecycle().quarantined().isEmpty());
    }
  }

  private static boolean told(Queue<LifecycleEvent> events, String name, Step step) {
    return events.stream()
        .anyMatch(event -> event.plugIn().name().equals(name) && event.step() == step);
  }

  private Path drop(String name, String version, Class<? extends BundleActivator> kind)
      throws IOException {
    return drop(name, "sense", version, kind);
  }

  private Path drop(
      String name, String bundle, String version, Class<? extends BundleActivator> kind)
      throws IOException {
    Path jar =
        TestJar.of(bundle, version)
            .activator(kind)
            .write(Files.createTempFile(folder, "sense", ".jar"));
    return name.endsWith(".jar")
        ? Files.move(jar, deploy.resolve(name), StandardCopyOption.ATOMIC_MOVE)
        : jar;
  }

  private static Optional<BundleStatus> find(Sensorium host) {
    return host.bundles().stream().filter(bundle -> bundle.name().equals("sense")).findFirst();
  }

  private static boolean isVersion(Sensorium host, String version) {
    return host.bundles().stream()
        .filter(bundle -> bundle.name().equals("sense"))
        .anyMatch(b -> b.version().equals(version) && b.step() == Step.READY);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("a minute is over").isLessThan(deadline);
      LockSupport.parkNanos(50_000_000);
    }
  }

  private Sensorium start() {
    return Sensorium.start(options());
  }

  private SensoriumOptions options() {
    return SensoriumOptions.at(folder.resolve("home")).withoutAwaitingEncoders();
  }
}
