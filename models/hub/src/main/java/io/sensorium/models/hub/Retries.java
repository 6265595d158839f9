package io.sensorium.models.hub;

import io.sensorium.api.RequestContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLHandshakeException;

/** Counts failures in a row, and pauses longer after each. One thread at a time. */
final class Retries {
  private static final long SLICE_NANOS = Duration.ofMillis(100).toNanos();

  private final HubPatience patience;
  private final String work;
  private int failures;

  /**
   * @param work what is tried, for messages
   */
  Retries(HubPatience patience, String work) {
    this.patience = patience;
    this.work = work;
  }

  /** Something was won; the count starts again. */
  void progressed() {
    failures = 0;
  }

  /**
   * Pauses before the next attempt.
   *
   * @throws HubException if there were as many attempts as may be
   */
  void afterFailure(IOException failure, RequestContext context) {
    failures++;
    Optional<Duration> asked =
        failure instanceof TransientFailure busy ? busy.pause() : Optional.empty();
    boolean tooLong = asked.filter(p -> p.compareTo(patience.longestPause()) > 0).isPresent();
    if (failure instanceof SSLHandshakeException || tooLong || failures >= patience.attempts()) {
      throw HubException.unreachable(
          "%s failed %s: %s"
              .formatted(
                  work, failures == 1 ? "once" : failures + " times in a row", said(failure)),
          failure);
    }
    pause(asked.orElseGet(this::usualPause), context);
  }

  private Duration usualPause() {
    long doubled = patience.firstPause().toNanos() << Math.min(failures - 1, 20);
    long nanos = Math.min(doubled, patience.longestPause().toNanos());
    // Clients that failed together should not come back together.
    return Duration.ofNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
  }

  private void pause(Duration pause, RequestContext context) {
    long until = System.nanoTime() + pause.toNanos();
    for (long left = pause.toNanos(); left > 0; left = until - System.nanoTime()) {
      context.check("the next attempt: " + work);
      LockSupport.parkNanos(Math.min(left, SLICE_NANOS));
    }
  }

  private static String said(IOException failure) {
    String message = failure.getMessage();
    return failure instanceof TransientFailure && message != null
        ? message
        : failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
