package io.sensorium.index.lucene;

import java.time.Duration;

/**
 * How an index trades memory, latency and the time that opening takes. Immutable.
 *
 * @param commitBytes how much the log may grow before Lucene commits and the log starts anew
 * @param commitInterval how long a change may stay in the log alone
 * @param refreshInterval how long a change may stay unsearchable
 * @param queueBytes how much may wait for the log; what is over it is refused
 * @param exactBelow how many candidate vectors are compared one by one instead of through a graph
 */
record IndexSettings(
    long commitBytes,
    Duration commitInterval,
    Duration refreshInterval,
    long queueBytes,
    int exactBelow) {
  /** 32 MiB or 10 s of log, refreshed every second; 64 MiB of queue or a tenth of the heap. */
  static final IndexSettings DEFAULT =
      new IndexSettings(
          32L << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 10),
          10_000);

  IndexSettings {
    if (commitBytes < 1 || queueBytes < 1 || exactBelow < 0) {
      throw new IllegalArgumentException("sizes of an index's settings must be positive");
    }
    if (!commitInterval.isPositive() || !refreshInterval.isPositive()) {
      throw new IllegalArgumentException("intervals of an index's settings must be positive");
    }
  }
}
