package io.sensorium.repository;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.models.packages.PackageFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the packages that bundles carry, as the header {@value #HEADER} lists them.
 *
 * <p>They come into service when the bundle is active and go a moment after it stops, so that an
 * update in place leaves no gap. Their files stay while the bundle is installed, so that a restart
 * takes no time, and are deleted when it is uninstalled. Where two bundles carry one id, as while a
 * bundle is updated beside itself, the later one serves and the other one steps in if it goes. All
 * work is done by the executor, one task after the other, never on the thread that starts a bundle.
 */
final class BundledPackages implements BundleTrackerCustomizer<List<ModelManifest>> {
  /** Comma-separated folders inside the bundle. */
  static final String HEADER = "Sensorium-Model-Packages";

  private static final Logger LOG = LoggerFactory.getLogger(BundledPackages.class);

  private static final Duration UPDATE_GRACE = Duration.ofSeconds(1);

  private final FolderModelRepository repository;
  private final ScheduledExecutorService executor;
  private final Map<Long, List<ModelManifest>> active = new ConcurrentHashMap<>();

  /**
   * Uses an executor that runs one task at a time.
   *
   * @param executor owned by the caller
   */
  BundledPackages(FolderModelRepository repository, ScheduledExecutorService executor) {
    this.repository = repository;
    this.executor = executor;
  }

  /** The states to be tracked: everything but uninstalled. */
  static int states() {
    return Bundle.INSTALLED | Bundle.RESOLVED | Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING;
  }

  @Override
  public List<ModelManifest> addingBundle(Bundle bundle, BundleEvent event) {
    List<ModelManifest> installed = new CopyOnWriteArrayList<>();
    if (bundle.getHeaders("").get(HEADER) == null) {
      return null;
    }
    modifiedBundle(bundle, event, installed);
    return installed;
  }

  @Override
  public void modifiedBundle(Bundle bundle, BundleEvent event, List<ModelManifest> installed) {
    int state = bundle.getState();
    if (state == Bundle.ACTIVE && active.putIfAbsent(bundle.getBundleId(), installed) == null) {
      submit(Duration.ZERO, () -> install(bundle, installed));
    } else if (state != Bundle.ACTIVE && active.remove(bundle.getBundleId()) != null) {
      submit(UPDATE_GRACE, () -> suspend(bundle, installed));
    }
  }

  private void suspend(Bundle bundle, List<ModelManifest> installed) {
    if (!active.containsKey(bundle.getBundleId())) {
      installed.forEach(each -> repository.suspend(each, Origin.of(bundle)));
    }
  }

  @Override
  public void removedBundle(Bundle bundle, BundleEvent event, List<ModelManifest> installed) {
    active.remove(bundle.getBundleId());
    if (bundle.getState() == Bundle.UNINSTALLED) {
      submit(
          Duration.ZERO,
          () -> {
            installed.forEach(each -> repository.discard(each, Origin.of(bundle)));
            repository.refusals().forget(old -> old.bundleId() == bundle.getBundleId());
          });
    }
  }

  private void install(Bundle bundle, List<ModelManifest> installed) {
    CarriedEncoders.await(bundle);
    String header = bundle.getHeaders("").get(HEADER);
    List<ModelManifest> before = List.copyOf(installed);
    List<ModelManifest> found = new ArrayList<>();
    for (String folder : folders(header)) {
      if (bundle.getState() != Bundle.ACTIVE) {
        // Stopped meanwhile: what it brought stays known, so that it can go.
        return;
      }
      BundleSource source = new BundleSource(bundle, folder);
      try {
        ModelManifest manifest = PackageFiles.manifest(source);
        found.add(manifest);
        installed.removeIf(old -> isSame(old, manifest));
        installed.add(manifest);
        if (repository.isRetired(manifest)) {
          LOG.info("model {} stays retired: its space has a newer version", manifest.id());
          continue;
        }
        repository.install(source, Origin.of(bundle));
        LOG.debug("model {} {} is in service", manifest.id(), manifest.version());
      } catch (SensoriumException e) {
        LOG.error("the package {} is left out: {}", source.name(), e.getMessage());
      }
    }
    // What the bundle carried before it was updated and carries no more.
    for (ModelManifest old : before) {
      if (found.stream().noneMatch(each -> isSame(each, old))) {
        installed.remove(old);
        repository.discard(old, Origin.of(bundle));
      }
    }
  }

  private static boolean isSame(ModelManifest one, ModelManifest other) {
    return one.id().equals(other.id()) && one.version().equals(other.version());
  }

  /** What a bundle carries, read from it; what cannot be read is left out. */
  static List<ModelManifest> carried(Bundle bundle) {
    return folders(bundle.getHeaders("").get(HEADER)).stream()
        .flatMap(folder -> manifest(new BundleSource(bundle, folder)).stream())
        .toList();
  }

  private static Optional<ModelManifest> manifest(BundleSource source) {
    try {
      return Optional.of(PackageFiles.manifest(source));
    } catch (SensoriumException e) {
      LOG.debug("the package {} cannot be read", source.name(), e);
      return Optional.empty();
    }
  }

  private static List<String> folders(String header) {
    return Arrays.stream(header.split(",", -1))
        .map(folder -> folder.strip().replaceAll("^/+|/+$", ""))
        .filter(folder -> !folder.isEmpty())
        .toList();
  }

  private void submit(Duration delay, Runnable work) {
    try {
      var _ =
          executor.schedule(
              () -> {
                try {
                  work.run();
                } catch (RuntimeException e) {
                  LOG.error("a bundle's packages could not be changed", e);
                }
              },
              delay.toNanos(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the repository is closed", e);
    }
  }
}
