package io.sensorium.host.hotplug.plugin;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Needs a class that is not in its bundle. */
public final class UnlinkedActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    new GoodActivator().start(context);
  }

  @Override
  public void stop(BundleContext context) {}
}
