package io.sensorium.host.hotplug;

import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.LifecycleListener;
import io.sensorium.host.launch.Problems;
import java.util.Arrays;
import java.util.Comparator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener service of the steps of bundles. Thread-safe. */
final class LifecycleTeller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LifecycleTeller.class);

  private final ServiceTracker<LifecycleListener, LifecycleListener> listeners;

  LifecycleTeller(BundleContext context) {
    this.listeners = new ServiceTracker<>(context, LifecycleListener.class, null);
    listeners.open();
  }

  /** To be called before the step's work begins, without locks that listeners may need. */
  void tell(LifecycleEvent event) {
    ServiceReference<LifecycleListener>[] references = listeners.getServiceReferences();
    if (references != null) {
      Arrays.stream(references)
          .sorted(Comparator.reverseOrder())
          .forEach(reference -> tell(listeners.getService(reference), event));
    }
  }

  private static void tell(LifecycleListener listener, LifecycleEvent event) {
    try {
      if (listener != null) {
        listener.began(event);
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{} does not take {}: {}", listener, event, Problems.line(e));
    }
  }

  @Override
  public void close() {
    listeners.close();
  }
}
