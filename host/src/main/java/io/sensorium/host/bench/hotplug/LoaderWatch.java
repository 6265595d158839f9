package io.sensorium.host.bench.hotplug;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;

/** Knows the class loader of every bundle that ever started, without holding it. Thread-safe. */
final class LoaderWatch implements SynchronousBundleListener, AutoCloseable {
  private static final int COLLECTIONS = 20;
  private static final long BETWEEN_COLLECTIONS_NANOS = 50_000_000;

  private record Seen(String bundle, WeakReference<ClassLoader> loader) {}

  private final BundleContext context;
  private final List<Seen> seen = new ArrayList<>();

  /** Begins to watch; what runs already is watched too. */
  LoaderWatch(BundleContext context) {
    this.context = context;
    context.addBundleListener(this);
    for (Bundle bundle : context.getBundles()) {
      note(bundle);
    }
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    if (event.getType() == BundleEvent.STARTING || event.getType() == BundleEvent.STARTED) {
      note(event.getBundle());
    }
  }

  private void note(Bundle bundle) {
    BundleWiring wiring = bundle.getBundleId() == 0 ? null : bundle.adapt(BundleWiring.class);
    ClassLoader loader = wiring == null ? null : wiring.getClassLoader();
    if (loader == null) {
      return;
    }
    synchronized (seen) {
      seen.removeIf(each -> each.loader().refersTo(null));
      if (seen.stream().noneMatch(each -> each.loader().refersTo(loader))) {
        seen.add(
            new Seen(
                bundle.getSymbolicName() + " " + bundle.getVersion(), new WeakReference<>(loader)));
      }
    }
  }

  /**
   * The bundles that are gone, or have been updated, and whose class loaders are not: collects
   * garbage until there are none, or a few times.
   */
  List<String> retained() {
    List<String> left = gone();
    for (int i = 0; i < COLLECTIONS && !left.isEmpty(); i++) {
      System.gc();
      LockSupport.parkNanos(BETWEEN_COLLECTIONS_NANOS);
      left = gone();
    }
    return left;
  }

  private List<String> gone() {
    List<Seen> rest;
    synchronized (seen) {
      rest = new ArrayList<>(seen);
    }
    for (Bundle bundle : context.getBundles()) {
      BundleWiring wiring = bundle.adapt(BundleWiring.class);
      ClassLoader current = wiring == null ? null : wiring.getClassLoader();
      for (Iterator<Seen> each = rest.iterator(); current != null && each.hasNext(); ) {
        if (each.next().loader().refersTo(current)) {
          each.remove();
        }
      }
    }
    return rest.stream().filter(each -> !each.loader().refersTo(null)).map(Seen::bundle).toList();
  }

  @Override
  public void close() {
    context.removeBundleListener(this);
  }
}
