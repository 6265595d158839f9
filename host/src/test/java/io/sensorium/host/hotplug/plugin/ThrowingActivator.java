package io.sensorium.host.hotplug.plugin;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Throws in its start. */
public final class ThrowingActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    throw new IllegalStateException("this sense is out of order");
  }

  @Override
  public void stop(BundleContext context) {}
}
