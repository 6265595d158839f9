package io.sensorium.host.hotplug;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches the class loaders of removed bundles until the garbage collector takes them. It never
 * asks for a collection. Thread-safe.
 */
final class Departures implements AutoCloseable {
  private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
  private final Set<Departed> awaited = ConcurrentHashMap.newKeySet();
  private final Thread watch;

  Departures() {
    this.watch =
        Thread.ofPlatform().daemon().name("sensorium-departures").start(this::takeCollected);
  }

  private static final class Departed extends PhantomReference<ClassLoader> {
    private final Runnable gone;

    Departed(ClassLoader loader, ReferenceQueue<ClassLoader> queue, Runnable gone) {
      super(loader, queue);
      this.gone = gone;
    }
  }

  void watch(ClassLoader loader) {
    watch(loader, () -> {});
  }

  /**
   * @param gone run once when the class loader was collected; must not hold on to it
   */
  void watch(ClassLoader loader, Runnable gone) {
    awaited.add(new Departed(loader, collected, gone));
  }

  int retained() {
    return awaited.size();
  }

  private void takeCollected() {
    try {
      while (true) {
        Departed departed = (Departed) collected.remove();
        awaited.remove(departed);
        departed.gone.run();
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
