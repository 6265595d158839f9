package io.sensorium.host.cli;

import io.sensorium.host.bench.hotplug.CyclePlan;
import io.sensorium.host.bench.hotplug.HotPlugPlan;
import io.sensorium.host.bench.hotplug.HotPlugPlan.Trial;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** How much {@code bench hotplug} does. */
final class HotPlugOptions {
  private static final int CYCLES_PER_WINDOW = 5;
  private static final int LONG_CYCLES = 5_000;
  private static final int LONG_BAD_ROUNDS = 100;
  private static final int LONG_CHANGES = 1_024;
  private static final int LONG_KILL_ROUNDS = 50;

  @Option(
      names = "--trials",
      paramLabel = "TRIAL",
      split = ",",
      description = "hotplug: only these of ${COMPLETION-CANDIDATES}.")
  private Set<Trial> trials = EnumSet.allOf(Trial.class);

  @Option(
      names = "--long",
      description =
          "hotplug: 5000 cycles, 100 of each bad plug-in, 1024 changes a thread, 50 kills a step;"
              + " hours.")
  private boolean thorough;

  @Option(
      names = "--cycles",
      paramLabel = "N",
      description = "hotplug: cycles of install, update, refresh and remove (default: 100).")
  private Integer cycles;

  @Option(
      names = "--pause-millis",
      paramLabel = "N",
      defaultValue = "0",
      description = "hotplug: between two changes (default: ${DEFAULT-VALUE}).")
  private int pauseMillis;

  @Option(
      names = "--load",
      paramLabel = "SHARE",
      defaultValue = "0.4",
      description =
          "hotplug: of the requests that the machine can answer, both modalities together"
              + " (default: ${DEFAULT-VALUE}).")
  private double load;

  @Option(
      names = "--bad",
      paramLabel = "N",
      description = "hotplug: how often each bad plug-in is brought, twice (default: 3).")
  private Integer badRounds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "32",
      description = "hotplug: that change one bundle (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--changes",
      paramLabel = "N",
      description = "hotplug: by each thread (default: 32).")
  private Integer changes;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "hotplug: at each step of each change (default: 1).")
  private Integer killRounds;

  HotPlugPlan plan() {
    return new HotPlugPlan(
        trials,
        new CyclePlan(
            chosen(cycles, 100, LONG_CYCLES),
            CYCLES_PER_WINDOW,
            load,
            Duration.ofMillis(pauseMillis)),
        chosen(badRounds, 3, LONG_BAD_ROUNDS),
        threads,
        chosen(changes, 32, LONG_CHANGES),
        chosen(killRounds, 1, LONG_KILL_ROUNDS),
        Integer.MAX_VALUE);
  }

  private int chosen(Integer asked, int usual, int thoroughly) {
    return asked != null ? asked : thorough ? thoroughly : usual;
  }
}
