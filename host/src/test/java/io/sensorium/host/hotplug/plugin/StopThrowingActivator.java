package io.sensorium.host.hotplug.plugin;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Throws in its stop. */
public final class StopThrowingActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {}

  @Override
  public void stop(BundleContext context) {
    throw new IllegalStateException("this sense does not want to go");
  }
}
