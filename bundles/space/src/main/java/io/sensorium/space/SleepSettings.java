package io.sensorium.space;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;

/**
 * When encoders give their memory back until they are asked for again. Immutable.
 *
 * @param idleTimeout how long an encoder may have nothing to do before it is put to sleep; zero for
 *     ever
 * @param pinned ids of models that never sleep
 */
record SleepSettings(Duration idleTimeout, Set<String> pinned) {
  /** Nothing sleeps unless memory is short. */
  static final SleepSettings DEFAULT = new SleepSettings(Duration.ZERO, Set.of());

  private static final int LOOKS_PER_TIMEOUT = 4;

  SleepSettings {
    pinned = Set.copyOf(pinned);
    if (idleTimeout.isNegative()) {
      throw new IllegalArgumentException("the idle timeout must be >= 0; got " + idleTimeout);
    }
  }

  boolean isPinned(Pair pair) {
    return pinned.contains(pair.graph().model().id());
  }

  /** How often to look for idle encoders, in nanoseconds; empty for never. */
  OptionalLong period() {
    return idleTimeout.isZero()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(1, idleTimeout.toNanos() / LOOKS_PER_TIMEOUT));
  }
}
