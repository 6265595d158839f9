package io.sensorium.space;

import io.sensorium.api.lifecycle.LifecycleListeners;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** What every generation of one engine shares. Thread-safe. */
final class EngineContext {
  private final EngineSettings settings;
  private final Executor answers;
  private final LifecycleListeners listeners;
  private final BiConsumer<Item, Throwable> failures;
  private final AtomicLong numbers = new AtomicLong();

  /**
   * @param answers runs what callers have attached to their futures
   * @param failures receives items that a generation cannot answer
   */
  EngineContext(
      EngineSettings settings,
      Executor answers,
      LifecycleListeners listeners,
      BiConsumer<Item, Throwable> failures) {
    this.settings = settings;
    this.answers = answers;
    this.listeners = listeners;
    this.failures = failures;
  }

  EngineSettings settings() {
    return settings;
  }

  Executor answers() {
    return answers;
  }

  LifecycleListeners listeners() {
    return listeners;
  }

  /** A number for a generation: unique, growing. */
  long nextNumber() {
    return numbers.incrementAndGet();
  }

  void failed(Item item, Throwable failure) {
    failures.accept(item, failure);
  }
}
