package io.sensorium.language;

import io.sensorium.api.language.SequenceLimits;
import io.sensorium.language.scheduling.SchedulerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The bounds of text generation. Immutable.
 *
 * @param limits that a model is opened with if the memory suffices
 * @param scheduler of each model
 * @param drainTimeout how long a leaving model may finish what it accepted
 * @param openTimeout how long a model may take to open
 */
record GeneratorSettings(
    SequenceLimits limits,
    SchedulerSettings scheduler,
    Duration drainTimeout,
    Duration openTimeout) {
  private static final int LEAST_CONTEXT = 512;

  GeneratorSettings {
    if (!drainTimeout.isPositive() || !openTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "time-outs must be > 0; got %s and %s".formatted(drainTimeout, openTimeout));
    }
  }

  static GeneratorSettings of(LanguageConfiguration configuration) {
    return new GeneratorSettings(
        new SequenceLimits(configuration.sequences(), configuration.contextTokens()),
        new SchedulerSettings(
            configuration.queueRequests(),
            configuration.prefillTokens(),
            configuration.keepPrefixes()),
        Duration.ofMillis(configuration.drainMillis()),
        Duration.ofMillis(configuration.openMillis()));
  }

  /**
   * Limits to be tried one after the other until the memory suffices; sequences go first.
   *
   * @param adaptable whether sequences may have additions
   */
  List<SequenceLimits> affordable(boolean adaptable) {
    List<SequenceLimits> tried = new ArrayList<>();
    int context = limits.contextLength();
    for (int sequences = limits.sequences(); sequences > 0; sequences /= 2) {
      tried.add(new SequenceLimits(sequences, context, adaptable));
    }
    while (context / 2 >= LEAST_CONTEXT) {
      context /= 2;
      tried.add(new SequenceLimits(1, context, adaptable));
    }
    return tried;
  }
}
