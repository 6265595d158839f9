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

  @Option(
      names = "--trials",
      paramLabel = "TRIAL",
      split = ",",
      description = "hotplug: only these of ${COMPLETION-CANDIDATES}.")
  private Set<Trial> trials = EnumSet.allOf(Trial.class);

  @Option(
      names = "--cycles",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "hotplug: cycles of install, update, refresh and remove (default: ${DEFAULT-VALUE}).")
  private int cycles;

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

  HotPlugPlan plan() {
    return new HotPlugPlan(
        trials, new CyclePlan(cycles, CYCLES_PER_WINDOW, load, Duration.ofMillis(pauseMillis)));
  }
}
