package io.sensorium.host.hotplug;

import io.sensorium.host.launch.Problems;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the code of plug-ins on threads of its own, so that one that hangs costs its change a
 * failure and nobody else anything. Thread-safe.
 */
final class PlugInThreads {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Set<Thread> hanging = ConcurrentHashMap.newKeySet();

  /** What a plug-in does. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /** A plug-in's code failed. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A plug-in's code did not end, not even when it was interrupted. */
  static final class HangsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient CompletableFuture<Void> end;

    HangsException(String message, CompletableFuture<Void> end) {
      super(message);
      this.end = end;
    }

    /** Completes should it end after all, on its thread. */
    CompletableFuture<Void> end() {
      return end;
    }
  }

  /**
   * Runs it until it ends or the limit is over; then it is interrupted and has a second to end.
   *
   * @param what for messages and the thread's name, for instance {@code start of
   *     org.example.motion}
   * @throws FailedException if it threw anything at all, or ended only when it was interrupted
   * @throws HangsException if it still runs
   */
  void run(String what, Duration limit, Work work) throws FailedException, HangsException {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread thread = Thread.ofPlatform().daemon().name(what).unstarted(() -> complete(end, work));
    thread.setContextClassLoader(PlugInThreads.class.getClassLoader());
    thread.start();
    try {
      end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new FailedException(Problems.withRoot(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      giveUp(what + " took longer than " + seconds(limit), thread, end, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveUp(what + " was interrupted", thread, end, e);
    }
  }

  private static void complete(CompletableFuture<Void> end, Work work) {
    Throwable failure = null;
    try {
      work.run();
    } catch (Throwable e) {
      // Whatever a plug-in throws, an exhausted heap and broken classes included, is its failure.
      failure = e;
    }
    // The plug-in's code was interrupted, not what others do on this thread once it has ended.
    var _ = Thread.interrupted();
    if (failure == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(failure);
    }
  }

  private void giveUp(String problem, Thread thread, CompletableFuture<Void> end, Exception cause)
      throws FailedException, HangsException {
    boolean interrupted = Thread.interrupted();
    try {
      thread.interrupt();
      thread.join(GRACE);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!thread.isAlive()) {
      throw new FailedException(problem, cause);
    }
    hanging.add(thread);
    var _ = end.whenComplete((nothing, failure) -> hanging.remove(thread));
    throw new HangsException(problem + " and cannot be interrupted", end);
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() % 1_000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  /** Whether any plug-in's code still runs that was given up. */
  boolean anyHangs() {
    return !hanging.isEmpty();
  }
}
