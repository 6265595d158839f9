package io.sensorium.language.scheduling;

import java.util.concurrent.TimeUnit;

/** Events a second, by a mean in which what lies ten seconds back weighs 1/e. Thread-safe. */
final class RecentRate {
  private static final double FADING_NANOS = TimeUnit.SECONDS.toNanos(10);

  // Both guarded by this.
  private double events;
  private long atNanos;

  /**
   * @param nowNanos where time begins, of any clock
   */
  RecentRate(long nowNanos) {
    this.atNanos = nowNanos;
  }

  synchronized void add(long more, long nowNanos) {
    events = faded(nowNanos) + more;
    atNanos = nowNanos;
  }

  synchronized double perSecond(long nowNanos) {
    return faded(nowNanos) * TimeUnit.SECONDS.toNanos(1) / FADING_NANOS;
  }

  private double faded(long nowNanos) {
    return events * Math.exp((atNanos - nowNanos) / FADING_NANOS);
  }
}
