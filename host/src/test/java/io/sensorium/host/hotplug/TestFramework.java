package io.sensorium.host.hotplug;

import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.PlugInPolicy;
import io.sensorium.host.launch.HomeFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/** A framework with nothing but what tests bring in, started as a host starts its own. */
final class TestFramework implements AutoCloseable {
  /** For what works: no machine is too busy. */
  static final PlugInPolicy PATIENT =
      PlugInPolicy.DEFAULT.within(
          Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));

  /** For what hangs. */
  static final PlugInPolicy QUICK =
      PlugInPolicy.DEFAULT.within(
          Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofSeconds(3));

  final HomeFolder home;
  final PlugIns plugIns;
  final List<LifecycleEvent> events = new CopyOnWriteArrayList<>();
  private final Framework framework;

  TestFramework(Path root, PlugInPolicy policy) throws IOException, BundleException {
    this(root, policy, List.of());
  }

  /**
   * @param carried jars of the host's own bundles
   */
  TestFramework(Path root, PlugInPolicy policy, List<Path> carried)
      throws IOException, BundleException {
    this.home = new HomeFolder(root);
    home.create();
    this.framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage",
                    root.resolve("cache").toString(),
                    "org.osgi.framework.bsnversion",
                    "multiple",
                    "felix.cache.locking",
                    "false",
                    "org.osgi.framework.system.packages.extra",
                    "io.sensorium.api.lifecycle;version=1.0.0"));
    framework.init();
    PlugIns.Kept kept = new PlugIns.Kept(home, policy);
    this.plugIns = PlugIns.in(framework.getBundleContext(), kept, carried);
    plugIns.journal().listen(events::add);
    var own = plugIns.install(carried).values();
    framework.start();
    for (Bundle bundle : own) {
      bundle.start(Bundle.START_TRANSIENT);
    }
    plugIns.startKept();
  }

  BundleChanges changes() {
    return plugIns.changes();
  }

  Framework framework() {
    return framework;
  }

  Optional<BundleStatus> find(String name) {
    return changes().list().stream().filter(bundle -> bundle.name().equals(name)).findFirst();
  }

  /** Every step that was told, like {@code sense 1.0.0 READY}. */
  List<String> steps() {
    return events.stream()
        .map(event -> event.plugIn().name() + " " + event.plugIn().version() + " " + event.step())
        .toList();
  }

  /** The files that the home keeps of added bundles. */
  List<String> keptFiles() throws IOException {
    try (Stream<Path> files = Files.list(home.added())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void close() throws BundleException {
    plugIns.close();
    framework.stop();
    try {
      framework.waitForStop(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
