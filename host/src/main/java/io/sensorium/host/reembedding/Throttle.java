package io.sensorium.host.reembedding;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Keeps work in the background to a share of the time, and out of the way of requests. One thread
 * at a time.
 *
 * <p>Work comes in small groups. After each it rests as long as the share asks for, and then as
 * long as requests run; but under requests without end it goes on after a while, so that it ends.
 */
final class Throttle {
  private static final long LONGEST_YIELD_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long GROUP_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
  private static final int LARGEST_GROUP = 16;

  private final double share;
  private final Foreground foreground;
  private final BooleanSupplier hurried;
  private int group = 2;

  /**
   * @param share of the time, above 0 and at most 1
   * @param hurried whether somebody waits for the end, or the work is to end now
   */
  Throttle(double share, Foreground foreground, BooleanSupplier hurried) {
    this.share = share;
    this.foreground = foreground;
    this.hurried = hurried;
  }

  /** How many items to take next: as many as should take some tens of milliseconds. */
  int groupSize() {
    return hurried.getAsBoolean() ? LARGEST_GROUP : group;
  }

  /** Rests after a group of items that kept the machine busy for a time. */
  void rest(int items, long busyNanos) {
    group = Math.clamp(items * GROUP_NANOS / Math.max(1, busyNanos), 1, LARGEST_GROUP);
    long restUntil = System.nanoTime() + (long) (busyNanos * (1 - share) / share);
    while (System.nanoTime() < restUntil && !hurried.getAsBoolean()) {
      LockSupport.parkNanos(SLICE_NANOS);
    }
    long yieldUntil = System.nanoTime() + LONGEST_YIELD_NANOS;
    while (foreground.isBusy() && System.nanoTime() < yieldUntil && !hurried.getAsBoolean()) {
      LockSupport.parkNanos(SLICE_NANOS);
    }
  }
}
