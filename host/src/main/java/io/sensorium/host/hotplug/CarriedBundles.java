package io.sensorium.host.hotplug;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.hotplug.PlugInThreads.HangsException;
import io.sensorium.host.launch.Problems;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles that come with the host, which serve again where nothing replaces them. */
final class CarriedBundles {
  private static final Logger LOG = LoggerFactory.getLogger(CarriedBundles.class);

  private final BundleSteps steps;
  private final Arrivals arrivals;
  private final List<Path> jars;
  private Map<String, Path> byName;

  CarriedBundles(BundleSteps steps, Arrivals arrivals, List<Path> jars) {
    this.steps = steps;
    this.arrivals = arrivals;
    this.jars = List.copyOf(jars);
  }

  /**
   * Brings a carried bundle back into service; does nothing if there is none of this name. Where it
   * fails it is in quarantine, and tried again at the next start.
   */
  void restore(String name) {
    Path jar = jar(name);
    if (jar == null) {
      return;
    }
    try {
      Plugged own = steps.install(jar);
      try {
        Set<String> ill = arrivals.quarantined();
        steps.load(own, Optional.empty());
        arrivals.await(own.bundle(), ill, Set.of());
        steps.ready(own, Optional.empty());
      } catch (BundleException | HangsException e) {
        steps.quarantine(own, Problems.line(e));
      }
    } catch (org.osgi.framework.BundleException e) {
      LOG.warn("{} cannot be brought back: {}", jar, Problems.line(e));
    }
  }

  /** Read when somebody asks for the first time: a start has no need of it. */
  private synchronized Path jar(String name) {
    if (byName == null) {
      byName = new HashMap<>();
      jars.forEach(jar -> byName.put(BundleJar.read(jar).symbolicName(), jar));
    }
    return byName.get(name);
  }
}
