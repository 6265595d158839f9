package io.sensorium.host.hotplug.plugin;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Uses one service that stays for a moment, and another one until it is stopped. */
public final class UsingActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    ServiceReference<?> reference =
        context.getServiceReference("org.osgi.service.resolver.Resolver");
    context.getService(reference);
    context.ungetService(reference);
    context.getService(context.getServiceReference("org.osgi.service.condition.Condition"));
  }

  @Override
  public void stop(BundleContext context) {}
}
