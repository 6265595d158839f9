package io.sensorium.host.hotplug.plugin;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Asks for more memory in one piece than there is. */
public final class ExhaustingActivator implements BundleActivator {
  private static final int PIECES = 1 << 20;

  @Override
  public void start(BundleContext context) {
    long[][] pieces = new long[PIECES][];
    for (int i = 0; i < PIECES; i++) {
      pieces[i] = new long[Integer.MAX_VALUE - 8];
    }
    throw new IllegalStateException("this machine has too much memory: " + pieces.length);
  }

  @Override
  public void stop(BundleContext context) {}
}
