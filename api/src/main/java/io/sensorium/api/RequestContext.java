package io.sensorium.api;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One request's deadline and cancellation, handed down every call that works for it. Thread-safe.
 *
 * <p>Whoever waits or works for long calls {@link #check} before each expensive step.
 */
public final class RequestContext {
  private final long deadlineNanos;
  private final AtomicBoolean cancelled = new AtomicBoolean();

  private RequestContext(long deadlineNanos) {
    this.deadlineNanos = deadlineNanos;
  }

  /**
   * A request that must be answered within the given time from now.
   *
   * @param timeout positive, at most 365 days
   */
  public static RequestContext within(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofDays(365)) > 0) {
      throw new IllegalArgumentException("timeout must be in (0, 365 days]; got " + timeout);
    }
    return new RequestContext(System.nanoTime() + timeout.toNanos());
  }

  /** The time left in nanoseconds; zero or negative once the deadline has passed. */
  public long remainingNanos() {
    return deadlineNanos - System.nanoTime();
  }

  /** Asks everybody who works for this request to stop at the next step. Idempotent. */
  public void cancel() {
    cancelled.set(true);
  }

  /** Answers whether {@link #cancel()} was called. */
  public boolean isCancelled() {
    return cancelled.get();
  }

  /** Answers whether the request needs no answer any more: cancelled or past its deadline. */
  public boolean isOver() {
    return isCancelled() || remainingNanos() <= 0;
  }

  /**
   * Throws when the request is over.
   *
   * @param work what was about to be done, for the message
   * @throws RequestCancelledException if it was cancelled
   * @throws DeadlineExceededException if its deadline has passed
   */
  public void check(String work) {
    if (isCancelled()) {
      throw new RequestCancelledException("request cancelled before " + work);
    }
    if (remainingNanos() <= 0) {
      throw new DeadlineExceededException("deadline passed before " + work);
    }
  }
}
