package io.sensorium.host.bench.hotplug;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * How much the hot-plug benchmark does. Immutable.
 *
 * @param trials which of them
 * @param cycles of the trials that cycle
 * @param badRounds how often each bad plug-in is brought
 * @param threads that change one bundle
 * @param changesPerThread how often each does
 * @param killRounds how often a process is killed at each step
 * @param mostKills of one change in one round; where it has more steps, some are left out
 */
public record HotPlugPlan(
    Set<Trial> trials,
    CyclePlan cycles,
    int badRounds,
    int threads,
    int changesPerThread,
    int killRounds,
    int mostKills) {

  /** What can be tried, typed in lower case. */
  public enum Trial {
    /** Cycles of the default image encoder. */
    IMAGES,
    /**
     * Cycles of the smallest encoder, whose answers tell which parts of which versions gave them.
     */
    PROBE,
    /** Bad plug-ins. */
    BAD,
    /** One bundle that many threads change. */
    THREADS,
    /** Processes that are killed at each step of a change. */
    KILLS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public HotPlugPlan {
    if (trials.isEmpty()) {
      throw new IllegalArgumentException(
          "at least one trial is required; there are " + Arrays.toString(Trial.values()));
    }
    trials = EnumSet.copyOf(trials);
    if (badRounds < 1 || threads < 1 || changesPerThread < 1 || killRounds < 1 || mostKills < 1) {
      throw new IllegalArgumentException(
          "at least 1 of everything is required; got %d, %d x %d, %d and %d"
              .formatted(badRounds, threads, changesPerThread, killRounds, mostKills));
    }
  }
}
