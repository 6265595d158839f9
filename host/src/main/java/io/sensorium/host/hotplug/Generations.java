package io.sensorium.host.hotplug;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers that grow with time, across restarts as well while the clock does. Thread-safe. */
final class Generations {
  private final AtomicLong last = new AtomicLong();

  long next() {
    return last.updateAndGet(before -> Math.max(before + 1, System.currentTimeMillis()));
  }
}
