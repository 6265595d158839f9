package io.sensorium.api.lifecycle;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Those who are told of the steps that a producer's plug-ins take. Thread-safe; holds no lock while
 * it tells.
 */
@ProviderType
public final class LifecycleListeners {
  private final List<LifecycleListener> listeners = new CopyOnWriteArrayList<>();
  private final BiConsumer<LifecycleEvent, Throwable> failed;

  /**
   * @param failed told what a listener has thrown, which harms neither the step nor other listeners
   */
  public LifecycleListeners(BiConsumer<LifecycleEvent, Throwable> failed) {
    this.failed = Objects.requireNonNull(failed, "failed");
  }

  /** From now on tells a listener, too. */
  public void add(LifecycleListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  /** Tells a listener no more; one that is not known is ignored. */
  public void remove(LifecycleListener listener) {
    listeners.remove(listener);
  }

  /** Tells every listener, on this thread; to be called before the step's work begins. */
  public void tell(LifecycleEvent event) {
    for (LifecycleListener listener : listeners) {
      try {
        listener.began(event);
      } catch (Throwable failure) {
        failed.accept(event, failure);
      }
    }
  }
}
