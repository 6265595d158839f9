package io.sensorium.space;

import java.time.Duration;

/**
 * The bounds of the engine. Immutable.
 *
 * @param maxBatch items in one session run, at least 1
 * @param maxDelay how long a run may be held back for items that are just being prepared
 * @param queueItems admitted and unanswered items of one generation, at least 1
 * @param queueBytes encoded bytes of those items, at least 1
 * @param preparers threads that prepare items for one generation, at least 1
 * @param drainTimeout how long a leaving generation may finish what it accepted
 * @param openTimeout how long a generation may take to open before it is quarantined
 * @param swapGrace how long requests wait for the successor of an encoder that left, and from the
 *     engine's start for encoders that are not there yet
 */
record EngineSettings(
    int maxBatch,
    Duration maxDelay,
    int queueItems,
    long queueBytes,
    int preparers,
    Duration drainTimeout,
    Duration openTimeout,
    Duration swapGrace) {
  EngineSettings {
    if (maxBatch < 1 || queueItems < 1 || queueBytes < 1 || preparers < 1) {
      throw new IllegalArgumentException(
          "maxBatch, queueItems, queueBytes and preparers must be >= 1; got %d, %d, %d, %d"
              .formatted(maxBatch, queueItems, queueBytes, preparers));
    }
    if (maxDelay.isNegative()
        || swapGrace.isNegative()
        || !drainTimeout.isPositive()
        || !openTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "delays must be >= 0 and timeouts > 0; got %s, %s, %s, %s"
              .formatted(maxDelay, swapGrace, drainTimeout, openTimeout));
    }
  }

  /** How many prepared items may wait for a run: enough for the next one while this one runs. */
  int readyItems() {
    return 2 * maxBatch;
  }
}
