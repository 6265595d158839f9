package io.sensorium.host.hotplug.plugin;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Waits in its start until it is interrupted. */
public final class WaitingActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) throws InterruptedException {
    new CountDownLatch(1).await();
  }

  @Override
  public void stop(BundleContext context) {}
}
