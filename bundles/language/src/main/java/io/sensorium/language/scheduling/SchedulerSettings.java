package io.sensorium.language.scheduling;

/**
 * The bounds of one model's scheduler. Immutable.
 *
 * @param queuedRequests that may wait for a place, at least 1
 * @param prefillTokens of prompts that a step reads at most beside the tokens it makes, at least 1
 * @param keepsPrefixes whether finished sequences stay while their places are not needed, for
 *     requests that begin alike
 */
public record SchedulerSettings(int queuedRequests, int prefillTokens, boolean keepsPrefixes) {
  public SchedulerSettings {
    if (queuedRequests < 1 || prefillTokens < 1) {
      throw new IllegalArgumentException(
          "queuedRequests and prefillTokens must be at least 1; got %d and %d"
              .formatted(queuedRequests, prefillTokens));
    }
  }
}
