package io.sensorium.host.bench.hotplug;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * How much the hot-plug benchmark does. Immutable.
 *
 * @param trials which of them
 * @param cycles of the trials that cycle
 */
public record HotPlugPlan(Set<Trial> trials, CyclePlan cycles) {

  /** What can be tried, typed in lower case. */
  public enum Trial {
    /** Cycles of the default image encoder. */
    IMAGES,
    /**
     * Cycles of the smallest encoder, whose answers tell which parts of which versions gave them.
     */
    PROBE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public HotPlugPlan {
    if (trials.isEmpty()) {
      throw new IllegalArgumentException(
          "at least one trial is required; there are " + Set.of(Trial.values()));
    }
    trials = EnumSet.copyOf(trials);
  }
}
