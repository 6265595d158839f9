package io.sensorium.host.hotplug;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.hotplug.KeptBundles.Staged;
import io.sensorium.host.hotplug.PlugInThreads.HangsException;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a framework to what was committed: the carried bundles, or what was put in their place,
 * and what was added. Whatever else its cache holds is thrown out. One thread at a time.
 */
final class KeptStart {
  private static final Logger LOG = LoggerFactory.getLogger(KeptStart.class);

  private final BundleContext context;
  private final KeptHome home;
  private final BundleSteps steps;
  private final Map<String, Path> replaced = new HashMap<>();
  private final Map<KeptBundle, Bundle> added = new LinkedHashMap<>();

  KeptStart(BundleContext context, KeptHome home, BundleSteps steps) {
    this.context = context;
    this.home = home;
    this.steps = steps;
  }

  /**
   * For a framework that is initialised and not started yet.
   *
   * @param carried jars of the host's own bundles
   * @return those that nothing takes the place of, installed
   */
  Map<Path, Bundle> install(List<Path> carried)
      throws IOException, org.osgi.framework.BundleException {
    dropWithdrawn();
    if (!home.kept().all().isEmpty()) {
      for (Path jar : carried) {
        findReplacement(jar);
      }
    }
    List<Path> own = carried.stream().filter(jar -> !replaced.containsValue(jar)).toList();
    throwOutAllBut(own);
    home.kept().sweep();
    Map<Path, Bundle> installed = new LinkedHashMap<>();
    for (Path jar : own) {
      installed.put(jar, context.installBundle(BundleSteps.location(jar)));
    }
    for (KeptBundle bundle : home.kept().all()) {
      installKept(bundle);
    }
    return installed;
  }

  /** What came from the deploy folder goes with its file, also while no host ran. */
  private void dropWithdrawn() throws IOException {
    for (KeptBundle bundle : home.kept().all()) {
      boolean withdrawn =
          bundle.source() != null
              && !Files.isRegularFile(home.folder().deploy().resolve(bundle.source().name()));
      if (withdrawn) {
        drop(bundle);
      }
    }
  }

  private void drop(KeptBundle bundle) throws IOException {
    home.kept().forget(bundle.name());
    home.kept().discard(home.kept().jar(bundle));
  }

  /** A host that was brought up to date wins over what was put in place of its older bundles. */
  private void findReplacement(Path jar) throws IOException {
    BundleJar carried = BundleJar.read(jar);
    Optional<KeptBundle> kept = home.kept().find(carried.symbolicName());
    if (kept.isEmpty()) {
      return;
    }
    if (Version.parseVersion(kept.get().version()).compareTo(carried.version()) >= 0) {
      replaced.put(carried.symbolicName(), jar);
    } else {
      LOG.warn(
          "{} {} was put in place of an older version; the host now comes with {}",
          kept.get().name(),
          kept.get().version(),
          carried.version());
      drop(kept.get());
    }
  }

  private void throwOutAllBut(List<Path> own) throws org.osgi.framework.BundleException {
    Set<String> locations = new HashSet<>();
    own.forEach(jar -> locations.add(BundleSteps.location(jar)));
    home.kept().all().forEach(kept -> locations.add(BundleSteps.location(home.kept().jar(kept))));
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getBundleId() != 0 && !locations.contains(bundle.getLocation())) {
        LOG.info("{} is left from an earlier run and was not committed", bundle);
        bundle.uninstall();
      }
    }
  }

  private void installKept(KeptBundle kept) throws org.osgi.framework.BundleException {
    Plugged plugged = steps.install(home.kept().jar(kept));
    if (!kept.name().equals(plugged.bundle().getSymbolicName())) {
      // Its hash was right, so it is the cache that is not.
      throw new org.osgi.framework.BundleException(
          "the cache takes %s for %s".formatted(plugged.bundle(), kept.name()));
    }
    added.put(kept, plugged.bundle());
  }

  /**
   * For a framework whose carried bundles are active: starts what was added. What fails is in
   * quarantine, and where it took a carried bundle's place, that one comes back for this run.
   */
  void start() {
    home.damaged().forEach(steps::quarantine);
    added.forEach(this::start);
  }

  private void start(KeptBundle kept, Bundle bundle) {
    Plugged plugged = steps.plugged(bundle);
    try {
      Path jar = home.kept().jar(kept);
      steps.verify(plugged, new Staged(BundleJar.open(jar), kept.sha256()), Optional.empty());
      steps.load(plugged, Optional.empty());
      steps.ready(plugged, Optional.empty());
    } catch (BundleException | HangsException e) {
      steps.quarantine(plugged, Problems.line(e));
      Path carried = replaced.get(kept.name());
      if (carried != null) {
        startCarried(plugged, carried);
      }
    }
  }

  private void startCarried(Plugged failed, Path carried) {
    try {
      steps.removeFailed(failed);
      Plugged own = steps.install(carried);
      steps.load(own, Optional.empty());
      steps.ready(own, Optional.empty());
    } catch (org.osgi.framework.BundleException | BundleException | HangsException e) {
      LOG.warn("{} does not start in place of {}: {}", carried, failed.plugIn(), Problems.line(e));
    }
  }
}
