package io.sensorium.host.bench.hotplug;

import java.time.Duration;

/**
 * How encoders are cycled.
 *
 * @param cycles of install, update, refresh and remove
 * @param cyclesPerWindow done before an undisturbed window of the same length
 * @param load of the machine's capacity, both modalities together, in (0, 1)
 * @param pause between two changes
 */
public record CyclePlan(int cycles, int cyclesPerWindow, double load, Duration pause) {
  public CyclePlan {
    if (cycles < 1 || cyclesPerWindow < 1) {
      throw new IllegalArgumentException(
          "at least one cycle is required; got %d, %d a window".formatted(cycles, cyclesPerWindow));
    }
    if (!(load > 0 && load < 1)) {
      throw new IllegalArgumentException("a load must be in (0, 1); got " + load);
    }
  }
}
