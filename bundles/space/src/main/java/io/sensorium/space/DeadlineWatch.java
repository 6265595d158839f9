package io.sensorium.space;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Fails requests whose deadline passes or that are cancelled through their context, wherever they
 * wait. Looks every few milliseconds while there is anything to look at. Thread-safe.
 */
final class DeadlineWatch {
  private static final long PERIOD_MILLIS = 5;

  private final ScheduledExecutorService scheduler;
  private final Executor answers;
  private final Set<Item> items = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean armed = new AtomicBoolean();

  DeadlineWatch(ScheduledExecutorService scheduler, Executor answers) {
    this.scheduler = scheduler;
    this.answers = answers;
  }

  /** Watches an item until it is answered. */
  void watch(Item item) {
    items.add(item);
    var _ = item.answer().whenComplete((embedding, failure) -> items.remove(item));
    if (armed.compareAndSet(false, true)) {
      lookLater();
    }
  }

  private void look() {
    for (Item item : items) {
      if (item.context().isOver()) {
        answers.execute(() -> item.failIfOver("it was answered"));
      }
    }
    if (items.isEmpty()) {
      armed.set(false);
      if (items.isEmpty() || !armed.compareAndSet(false, true)) {
        return;
      }
    }
    lookLater();
  }

  private void lookLater() {
    var _ = scheduler.schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }
}
