package io.sensorium.repository;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.models.packages.PackageFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the packages that bundles carry, as the header {@value #HEADER} lists them.
 *
 * <p>They come into service when the bundle is active and go when it stops. Their files stay while
 * the bundle is installed, so that a restart takes no time, and are deleted when it is uninstalled.
 * All work is done by the executor, one task after the other, never on the thread that starts a
 * bundle.
 */
final class BundledPackages implements BundleTrackerCustomizer<List<ModelManifest>> {
  /** Comma-separated folders inside the bundle. */
  static final String HEADER = "Sensorium-Model-Packages";

  private static final Logger LOG = LoggerFactory.getLogger(BundledPackages.class);

  private final FolderModelRepository repository;
  private final Executor executor;
  private final Map<Long, List<ModelManifest>> active = new ConcurrentHashMap<>();

  /**
   * Uses an executor that runs one task at a time.
   *
   * @param executor owned by the caller
   */
  BundledPackages(FolderModelRepository repository, Executor executor) {
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
      submit(() -> install(bundle, installed));
    } else if (state != Bundle.ACTIVE && active.remove(bundle.getBundleId()) != null) {
      submit(() -> installed.forEach(each -> repository.suspend(each, origin(bundle))));
    }
  }

  @Override
  public void removedBundle(Bundle bundle, BundleEvent event, List<ModelManifest> installed) {
    active.remove(bundle.getBundleId());
    if (bundle.getState() == Bundle.UNINSTALLED) {
      submit(() -> installed.forEach(each -> repository.discard(each, origin(bundle))));
    }
  }

  private void install(Bundle bundle, List<ModelManifest> installed) {
    String header = bundle.getHeaders("").get(HEADER);
    List<ModelManifest> before = List.copyOf(installed);
    installed.clear();
    for (String folder : folders(header)) {
      if (bundle.getState() != Bundle.ACTIVE) {
        return;
      }
      BundleSource source = new BundleSource(bundle, folder);
      try {
        ModelManifest manifest = PackageFiles.manifest(source);
        installed.add(manifest);
        if (repository.isRetired(manifest)) {
          LOG.info("model {} stays retired: its space has a newer version", manifest.id());
          continue;
        }
        repository.install(source, InstallPolicy.DEFAULT, origin(bundle));
        LOG.debug("model {} {} is in service", manifest.id(), manifest.version());
      } catch (SensoriumException e) {
        LOG.error("the package {} is left out: {}", source.name(), e.getMessage());
      }
    }
    // What the bundle carried before it was updated and carries no more.
    for (ModelManifest old : before) {
      boolean kept =
          installed.stream()
              .anyMatch(each -> each.id().equals(old.id()) && each.version().equals(old.version()));
      if (!kept) {
        repository.discard(old, origin(bundle));
      }
    }
  }

  private static List<String> folders(String header) {
    return Arrays.stream(header.split(",", -1))
        .map(folder -> folder.strip().replaceAll("^/+|/+$", ""))
        .filter(folder -> !folder.isEmpty())
        .toList();
  }

  private static String origin(Bundle bundle) {
    return "bundle:" + bundle.getSymbolicName();
  }

  private void submit(Runnable work) {
    try {
      executor.execute(
          () -> {
            try {
              work.run();
            } catch (RuntimeException e) {
              LOG.error("a bundle's packages could not be changed", e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("the repository is closed", e);
    }
  }
}
