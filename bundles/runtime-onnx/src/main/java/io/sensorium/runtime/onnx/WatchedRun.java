package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;

/** One active run and the way to end it. Thread-safe; compared by identity. */
final class WatchedRun {
  private final Object session;
  private final RequestContext context;
  private final Runnable terminator;
  private boolean stopped;
  private boolean ended;

  WatchedRun(Object session, RequestContext context, Runnable terminator) {
    this.session = session;
    this.context = context;
    this.terminator = terminator;
  }

  boolean belongsTo(Object candidate) {
    return session.equals(candidate);
  }

  boolean isOver() {
    return context.isOver();
  }

  /** Tells the run to end, once, and only while its native options exist. */
  synchronized void stop() {
    if (!ended && !stopped) {
      stopped = true;
      terminator.run();
    }
  }

  synchronized void end() {
    ended = true;
  }

  /** Answers whether the run was told to end. */
  synchronized boolean wasStopped() {
    return stopped;
  }
}
