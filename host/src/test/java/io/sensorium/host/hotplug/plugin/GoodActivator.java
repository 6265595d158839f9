package io.sensorium.host.hotplug.plugin;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Starts and stops. */
public final class GoodActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {}

  @Override
  public void stop(BundleContext context) {}
}
