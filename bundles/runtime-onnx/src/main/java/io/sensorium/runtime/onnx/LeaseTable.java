package io.sensorium.runtime.onnx;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.GraphSession;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.runtime.SessionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Who uses which session. Thread-safe.
 *
 * <p>One lock guards the map and every count; sessions are opened, run, terminated and closed
 * outside it. A session is closed by whoever brings its last lease back after it was retired, or by
 * the one who retires it if nobody holds one.
 */
final class LeaseTable {
  /** How often a waiter looks whether its request was cancelled. */
  private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

  private final GraphEngine opener;
  private final Object lock = new Object();
  private final Map<ModelKey, Entry> entries = new HashMap<>();
  private boolean closed;

  LeaseTable(GraphEngine opener) {
    this.opener = opener;
  }

  /** One model's session from its first lease to its closing. Fields are guarded by the lock. */
  static final class Entry {
    private final ModelKey key;
    private final CompletableFuture<GraphSession> opened = new CompletableFuture<>();
    private final CountDownLatch gone = new CountDownLatch(1);
    private final Set<LeasedSession> leases = new HashSet<>();
    private long finishedRuns;
    private boolean retiring;
    private boolean stopped;
    private boolean closing;

    Entry(ModelKey key) {
      this.key = key;
    }

    ModelKey key() {
      return key;
    }

    GraphSession session() {
      return opened.join();
    }

    private boolean isGone() {
      return gone.getCount() == 0;
    }

    private boolean isOpen() {
      return opened.isDone() && !opened.isCompletedExceptionally();
    }
  }

  SessionLease lease(ModelGraph graph, RequestContext context) {
    ModelKey key = ModelKey.of(graph);
    context.check("leasing model " + key);
    LeasedSession lease;
    boolean first;
    synchronized (lock) {
      Entry entry = entries.get(key);
      if (closed || (entry != null && entry.retiring)) {
        throw new ServiceGoneException("model " + key + " is being retired");
      }
      first = entry == null;
      if (first) {
        entry = new Entry(key);
        entries.put(key, entry);
      }
      lease = new LeasedSession(this, entry);
      entry.leases.add(lease);
    }
    boolean granted = false;
    try {
      if (first) {
        open(lease.entry(), graph);
      } else {
        await(lease.entry(), context);
      }
      context.check("model " + key + " was opened");
      granted = true;
      return lease;
    } finally {
      if (!granted) {
        lease.close();
      }
    }
  }

  private void open(Entry entry, ModelGraph graph) {
    GraphSession session;
    try {
      session = opener.open(graph);
    } catch (Throwable e) {
      synchronized (lock) {
        entries.remove(entry.key, entry);
      }
      entry.opened.completeExceptionally(e);
      entry.gone.countDown();
      throw e;
    }
    boolean stopped;
    synchronized (lock) {
      entry.opened.complete(session);
      stopped = entry.stopped;
    }
    if (stopped) {
      session.terminate();
    }
  }

  private static void await(Entry entry, RequestContext context) {
    while (true) {
      try {
        entry.opened.get(Math.clamp(context.remainingNanos(), 0, POLL_NANOS), TimeUnit.NANOSECONDS);
        return;
      } catch (TimeoutException e) {
        context.check("model " + entry.key + " was opened");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RequestCancelledException("interrupted while model " + entry.key + " opened", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof ResourceExhaustedException) {
          throw new ResourceExhaustedException(e.getCause().getMessage(), e.getCause());
        }
        throw new ModelLoadException(e.getCause().getMessage(), e.getCause());
      }
    }
  }

  boolean retire(ModelGraph graph, RequestContext context) {
    Entry entry;
    synchronized (lock) {
      entry = entries.get(ModelKey.of(graph));
      if (entry == null) {
        return true;
      }
      entry.retiring = true;
    }
    closeIfUnused(entry);
    if (awaitGone(entry, context)) {
      return true;
    }
    stop(entry);
    return entry.isGone();
  }

  /** Lends the sessions of a runtime no more; the last lease of each closes it. */
  void retireAll(String runtime) {
    List<Entry> leaving;
    synchronized (lock) {
      leaving = entries.values().stream().filter(e -> e.key.runtime().equals(runtime)).toList();
      leaving.forEach(entry -> entry.retiring = true);
    }
    leaving.forEach(this::closeIfUnused);
  }

  /**
   * Retires everything, and lends nothing any more. Leases that are still out when the drain time
   * has passed are ended from here, so that no native memory outlives the runtime.
   */
  void close(Duration drain, Duration grace) {
    List<Entry> all;
    synchronized (lock) {
      closed = true;
      all = List.copyOf(entries.values());
      all.forEach(entry -> entry.retiring = true);
    }
    all.forEach(this::closeIfUnused);
    RequestContext draining = RequestContext.within(drain);
    List<Entry> stragglers = all.stream().filter(e -> !awaitGone(e, draining)).toList();
    stragglers.forEach(this::stop);
    stragglers.forEach(this::revoke);
    RequestContext ending = RequestContext.within(grace);
    List<ModelKey> left =
        stragglers.stream().filter(e -> !awaitGone(e, ending)).map(Entry::key).toList();
    if (!left.isEmpty()) {
      throw new DeadlineExceededException(
          "sessions must end within %s of being told to; still running: %s"
              .formatted(drain.plus(grace), left));
    }
  }

  List<SessionStatus> statuses() {
    List<SessionStatus> statuses = new ArrayList<>();
    synchronized (lock) {
      for (Entry entry : entries.values()) {
        if (entry.isOpen()) {
          GraphSession session = entry.session();
          statuses.add(
              new SessionStatus(
                  entry.key.id(),
                  entry.key.version(),
                  entry.key.graph(),
                  session.executionProvider(),
                  entry.leases.size(),
                  entry.finishedRuns,
                  session.weightBytes()));
        }
      }
    }
    statuses.sort(
        Comparator.comparing(SessionStatus::model)
            .thenComparing(SessionStatus::version)
            .thenComparing(SessionStatus::graph));
    return List.copyOf(statuses);
  }

  /** Admits one run of a lease; {@link #leave} must follow. */
  void enter(LeasedSession lease) {
    synchronized (lock) {
      if (lease.entry().stopped) {
        throw new ServiceGoneException("model " + lease.entry().key + " was retired");
      }
      if (lease.isClosed()) {
        throw new IllegalStateException(
            "the lease of model " + lease.entry().key + " is closed already");
      }
      lease.runStarted();
    }
  }

  void leave(LeasedSession lease, boolean finished) {
    synchronized (lock) {
      lease.runEnded();
      if (finished) {
        lease.entry().finishedRuns++;
      }
      dropIfDone(lease);
    }
    closeIfUnused(lease.entry());
  }

  void release(LeasedSession lease) {
    synchronized (lock) {
      lease.markClosed();
      dropIfDone(lease);
    }
    closeIfUnused(lease.entry());
  }

  private void dropIfDone(LeasedSession lease) {
    if (lease.isClosed() && lease.isIdle()) {
      lease.entry().leases.remove(lease);
    }
  }

  private void closeIfUnused(Entry entry) {
    synchronized (lock) {
      if (!entry.retiring || entry.closing || !entry.isOpen() || !entry.leases.isEmpty()) {
        return;
      }
      entry.closing = true;
    }
    try {
      entry.session().close();
    } finally {
      synchronized (lock) {
        entries.remove(entry.key, entry);
      }
      entry.gone.countDown();
    }
  }

  private void stop(Entry entry) {
    boolean open;
    synchronized (lock) {
      entry.stopped = true;
      open = entry.isOpen() && !entry.closing;
    }
    if (open) {
      entry.session().terminate();
    }
  }

  private void revoke(Entry entry) {
    synchronized (lock) {
      for (LeasedSession lease : List.copyOf(entry.leases)) {
        lease.markClosed();
        dropIfDone(lease);
      }
    }
    closeIfUnused(entry);
  }

  private static boolean awaitGone(Entry entry, RequestContext context) {
    try {
      boolean gone = entry.isGone();
      while (!gone && !context.isOver()) {
        long nanos = Math.clamp(context.remainingNanos(), 0, POLL_NANOS);
        gone = entry.gone.await(nanos, TimeUnit.NANOSECONDS);
      }
      return gone;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return entry.isGone();
    }
  }
}
