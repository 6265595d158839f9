package io.sensorium.runtime.onnx;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.runtime.GraphSession;
import io.sensorium.api.runtime.SessionStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One model's session from its first lease to its closing. Everything but waiting is guarded by the
 * table's lock.
 */
final class LeaseEntry {
  /** How often a waiter looks whether its request was cancelled. */
  private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

  private final ModelKey key;
  private final CompletableFuture<GraphSession> opened = new CompletableFuture<>();
  private final CountDownLatch gone = new CountDownLatch(1);
  private final Set<LeasedSession> leases = new HashSet<>();
  private long finishedRuns;
  private long usedNanos = System.nanoTime();
  private Leaving leaving = Leaving.NO;
  private boolean stopped;
  private boolean closing;

  /** Whether the session is to be closed. */
  enum Leaving {
    NO,
    /** Its memory is needed; it may be opened again afterwards. */
    RECLAIMED,
    /** It is not to be lent any more. */
    RETIRED
  }

  LeaseEntry(ModelKey key) {
    this.key = key;
  }

  ModelKey key() {
    return key;
  }

  GraphSession session() {
    return opened.join();
  }

  Leaving leaving() {
    return leaving;
  }

  boolean isLeaving() {
    return leaving != Leaving.NO;
  }

  /** Closes once nobody leases it; what was retired cannot be lent again. */
  void leave(Leaving how) {
    if (leaving != Leaving.RETIRED) {
      leaving = how;
    }
  }

  boolean isStopped() {
    return stopped;
  }

  /** Lets no run begin any more. */
  void stop() {
    stopped = true;
  }

  /** Answers whether there is a session that nobody has begun to close. */
  boolean isUsable() {
    return isOpen() && !closing;
  }

  boolean isOpen() {
    return opened.isDone() && !opened.isCompletedExceptionally();
  }

  void opened(GraphSession session) {
    opened.complete(session);
    usedNanos = System.nanoTime();
  }

  void add(LeasedSession lease) {
    leases.add(lease);
  }

  /** Forgets a lease that is closed and runs nothing. */
  void dropIfDone(LeasedSession lease) {
    if (lease.isClosed() && lease.isIdle()) {
      leases.remove(lease);
      usedNanos = System.nanoTime();
    }
  }

  List<LeasedSession> leases() {
    return List.copyOf(leases);
  }

  /** How long nobody has leased it, if nobody does. */
  Duration unused() {
    return leases.isEmpty() ? Duration.ofNanos(System.nanoTime() - usedNanos) : Duration.ZERO;
  }

  void runFinished() {
    finishedRuns++;
  }

  /** Answers, once, whether it is time to close the session. */
  boolean claimClosing() {
    if (!isLeaving() || !isUsable() || !leases.isEmpty()) {
      return false;
    }
    closing = true;
    return true;
  }

  SessionStatus status() {
    GraphSession session = session();
    return new SessionStatus(
        key.id(),
        key.version(),
        key.graph(),
        session.executionProvider(),
        leases.size(),
        finishedRuns,
        session.weightBytes());
  }

  /** The session could not be opened; whoever waits for it hears why. */
  void failed(Throwable reason) {
    opened.completeExceptionally(reason);
    gone.countDown();
  }

  void closed() {
    gone.countDown();
  }

  boolean isGone() {
    return gone.getCount() == 0;
  }

  /**
   * Waits until somebody else has opened the session, without the lock.
   *
   * @return false if that one's request was over before; another may try
   */
  boolean awaitOpen(RequestContext context) {
    while (true) {
      try {
        opened.get(Math.clamp(context.remainingNanos(), 0, POLL_NANOS), TimeUnit.NANOSECONDS);
        return true;
      } catch (TimeoutException e) {
        context.check("model " + key + " was opened");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RequestCancelledException("interrupted while model " + key + " opened", e);
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof RequestCancelledException
            || cause instanceof DeadlineExceededException) {
          return false;
        }
        if (cause instanceof ResourceExhaustedException refused) {
          throw new ResourceExhaustedException(refused.getMessage(), refused, refused.retriable());
        }
        throw new ModelLoadException(cause.getMessage(), cause);
      }
    }
  }

  /** Waits until the session is closed, without the lock. */
  boolean awaitGone(RequestContext context) {
    try {
      boolean ended = isGone();
      while (!ended && !context.isOver()) {
        long nanos = Math.clamp(context.remainingNanos(), 0, POLL_NANOS);
        ended = gone.await(nanos, TimeUnit.NANOSECONDS);
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return isGone();
    }
  }
}
