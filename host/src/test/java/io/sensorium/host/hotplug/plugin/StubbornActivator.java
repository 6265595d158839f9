package io.sensorium.host.hotplug.plugin;

import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not return from its start before the system property {@code stubborn} is gone. */
public final class StubbornActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    while (System.getProperty("stubborn") != null) {
      Thread.interrupted();
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void stop(BundleContext context) {}
}
