package io.sensorium.host.hotplug.plugin;

import java.util.concurrent.Callable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers a service that is no plug-in. */
public final class OfferingActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(
        Callable.class, () -> context.getBundle().getVersion().toString(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
