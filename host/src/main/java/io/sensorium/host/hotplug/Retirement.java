package io.sensorium.host.hotplug;

import io.sensorium.api.lifecycle.Swap;
import io.sensorium.host.hotplug.PlugInThreads.HangsException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes generations out that nobody needs any more. Whatever they do meanwhile, it fails no change.
 * Thread-safe.
 */
final class Retirement {
  private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);

  private final BundleSteps steps;
  private final InstalledBundles installed;

  Retirement(BundleSteps steps, InstalledBundles installed) {
    this.steps = steps;
    this.installed = installed;
  }

  /**
   * Drains and closes it. Where its stop hangs, this returns all the same, and closes it when that
   * ends.
   *
   * @param drained whether it was drained before
   */
  void retire(Plugged leaving, Optional<Swap> how, boolean drained) {
    installed.pass(leaving.bundle());
    try {
      if (!drained) {
        steps.drain(leaving, how);
      }
      close(leaving, how);
    } catch (HangsException e) {
      LOG.warn("{}; it is removed when that ends", e.getMessage());
      var _ = e.end().whenComplete((nothing, thrown) -> closeLate(leaving, how));
    }
  }

  private void close(Plugged leaving, Optional<Swap> how) throws HangsException {
    steps.close(leaving, how);
    installed.count(leaving.bundle());
  }

  private void closeLate(Plugged leaving, Optional<Swap> how) {
    try {
      close(leaving, how);
    } catch (HangsException e) {
      LOG.warn("{}; it is removed when the host is started next", e.getMessage());
    }
  }
}
