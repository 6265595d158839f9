package io.sensorium.host.reembedding;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Knows whether anybody waits for an answer. Thread-safe. */
public final class Foreground {
  private final AtomicInteger running = new AtomicInteger();

  /** Answers a request that somebody waits for. */
  public <T> T run(Supplier<T> request) {
    running.incrementAndGet();
    try {
      return request.get();
    } finally {
      running.decrementAndGet();
    }
  }

  boolean isBusy() {
    return running.get() > 0;
  }
}
