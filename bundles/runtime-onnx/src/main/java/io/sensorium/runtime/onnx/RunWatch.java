package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends runs whose request is over, or whose session is going. Thread-safe.
 *
 * <p>While runs are active, one task looks at all of them every {@value #TICK_MILLIS} ms; a run
 * that is shorter costs no scheduling of its own. While none is active, nothing is scheduled.
 */
final class RunWatch {
  static final long TICK_MILLIS = 5;

  private final ScheduledExecutorService executor;
  private final Set<WatchedRun> runs = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /**
   * @param executor owned by the caller
   */
  RunWatch(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  /** Begins to watch a run; {@link #end} must follow. */
  WatchedRun begin(Object session, RequestContext context, Runnable terminator) {
    WatchedRun run = new WatchedRun(session, context, terminator);
    runs.add(run);
    boolean watched = false;
    try {
      schedule();
      watched = true;
      return run;
    } finally {
      if (!watched) {
        runs.remove(run);
      }
    }
  }

  /** Ends watching; afterwards the terminator is not called any more. */
  void end(WatchedRun run) {
    runs.remove(run);
    run.end();
  }

  /** Ends every run of a session. */
  void terminate(Object session) {
    for (WatchedRun run : runs) {
      if (run.belongsTo(session)) {
        run.stop();
      }
    }
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        Future<?> unused = executor.schedule(this::look, TICK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        scheduled.set(false);
        throw new IllegalStateException("the runtime is closed", e);
      }
    }
  }

  private void look() {
    scheduled.set(false);
    try {
      for (WatchedRun run : runs) {
        if (run.isOver()) {
          run.stop();
        }
      }
    } finally {
      // One that cannot be told to end is not told again, and is not to keep the others running.
      if (!runs.isEmpty() && !executor.isShutdown()) {
        schedule();
      }
    }
  }
}
