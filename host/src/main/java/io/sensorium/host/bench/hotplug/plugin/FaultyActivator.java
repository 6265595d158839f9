package io.sensorium.host.bench.hotplug.plugin;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Misbehaves while its bundle starts, in the way that the header {@code Probe-Fault} names. */
public final class FaultyActivator implements BundleActivator {
  private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(8);

  @Override
  public void start(BundleContext context) {
    switch (context.getBundle().getHeaders("").get("Probe-Fault")) {
      case "throws" -> throw new IllegalStateException("this plug-in throws when it starts");
      case "hangs" -> hang();
      case "leaks" -> {
        Thread.ofPlatform().daemon().name("probe-leak").start(FaultyActivator::hang);
        throw new IllegalStateException("this plug-in leaves a thread behind");
      }
      default -> throw new IllegalArgumentException("no such fault");
    }
  }

  /** Heeds no interruption, as code that waits for a lock or the network does not. */
  private static void hang() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < HANG_NANOS) {
      LockSupport.parkNanos(HANG_NANOS / 100);
    }
  }

  @Override
  public void stop(BundleContext context) {}
}
