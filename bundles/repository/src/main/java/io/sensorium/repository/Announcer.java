package io.sensorium.repository;

import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.LifecycleListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners of steps, on the thread that does them. Thread-safe; holds no lock meanwhile. */
final class Announcer {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  private final List<LifecycleListener> listeners = new CopyOnWriteArrayList<>();

  void add(LifecycleListener listener) {
    listeners.add(listener);
  }

  void remove(LifecycleListener listener) {
    listeners.remove(listener);
  }

  void tell(LifecycleEvent event) {
    for (LifecycleListener listener : listeners) {
      try {
        listener.began(event);
      } catch (Throwable failure) {
        LOG.warn("a listener failed on {} of {}", event.step(), event.plugIn(), failure);
      }
    }
  }
}
