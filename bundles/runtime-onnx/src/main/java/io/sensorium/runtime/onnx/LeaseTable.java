package io.sensorium.runtime.onnx;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.GraphSession;
import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.runtime.SessionStatus;
import io.sensorium.runtime.onnx.LeaseEntry.Leaving;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who uses which session. Thread-safe.
 *
 * <p>One lock guards the map and every count; sessions are opened, run, terminated and closed
 * outside it, and holders are asked outside it. A session is closed by whoever brings its last
 * lease back after it was retired or reclaimed, or by the one who does that if nobody holds one.
 */
final class LeaseTable {
  private final SessionOpener opener;
  private final Object lock = new Object();
  private final Map<ModelKey, LeaseEntry> entries = new HashMap<>();
  private boolean closed;

  LeaseTable(SessionOpener opener) {
    this.opener = opener;
  }

  SessionLease lease(ModelGraph graph, RequestContext context) {
    ModelKey key = ModelKey.of(graph);
    while (true) {
      context.check("leasing model " + key);
      Optional<SessionLease> lease = tryLease(graph, key, context);
      if (lease.isPresent()) {
        return lease.get();
      }
    }
  }

  /** Answers nothing if the session that was there had to go first. */
  private Optional<SessionLease> tryLease(ModelGraph graph, ModelKey key, RequestContext context) {
    LeaseEntry entry;
    Optional<LeasedSession> taken = Optional.empty();
    boolean first;
    synchronized (lock) {
      LeaseEntry known = entries.get(key);
      if (closed || (known != null && known.leaving() == Leaving.RETIRED)) {
        throw new ServiceGoneException("model " + key + " is being retired");
      }
      first = known == null;
      entry = first ? new LeaseEntry(key) : known;
      entries.put(key, entry);
      if (!entry.isLeaving()) {
        taken = Optional.of(new LeasedSession(this, entry));
        entry.add(taken.get());
      }
    }
    if (taken.isEmpty()) {
      entry.awaitGone(context);
      return Optional.empty();
    }
    boolean granted = false;
    try {
      if (first) {
        open(entry, graph, context);
      } else if (!entry.awaitOpen(context)) {
        return Optional.empty();
      }
      context.check("model " + key + " was opened");
      granted = true;
      return Optional.of(taken.get());
    } finally {
      if (!granted) {
        taken.get().close();
      }
    }
  }

  private void open(LeaseEntry entry, ModelGraph graph, RequestContext context) {
    GraphSession session;
    try {
      session = opener.open(graph, new SessionHolder(this, entry), context);
    } catch (Throwable e) {
      synchronized (lock) {
        entries.remove(entry.key(), entry);
      }
      entry.failed(e);
      throw e;
    }
    boolean stopped;
    synchronized (lock) {
      entry.opened(session);
      stopped = entry.isStopped();
    }
    if (stopped) {
      session.terminate();
    }
  }

  boolean retire(ModelGraph graph, RequestContext context) {
    LeaseEntry entry;
    synchronized (lock) {
      entry = entries.get(ModelKey.of(graph));
      if (entry == null) {
        return true;
      }
      entry.leave(Leaving.RETIRED);
    }
    closeIfUnused(entry);
    if (entry.awaitGone(context)) {
      return true;
    }
    stop(entry);
    return entry.isGone();
  }

  /** Lends the sessions of a runtime no more; the last lease of each closes it. */
  void retireAll(String runtime) {
    List<LeaseEntry> leaving;
    synchronized (lock) {
      leaving = entries.values().stream().filter(e -> e.key().runtime().equals(runtime)).toList();
      leaving.forEach(entry -> entry.leave(Leaving.RETIRED));
    }
    leaving.forEach(this::closeIfUnused);
  }

  /**
   * Asks those who lease a session to bring it back, so that it is closed. Whoever leases it
   * afterwards waits until it is, and opens it again.
   *
   * @return whether they will; false if one of them will not or cannot be asked, or if another has
   *     come meanwhile
   */
  boolean reclaim(LeaseEntry entry) {
    List<LeasedSession> known;
    synchronized (lock) {
      if (entry.isLeaving()) {
        return true;
      }
      if (!entry.isUsable()) {
        return false;
      }
      known = entry.leases();
    }
    if (!known.stream().allMatch(lease -> lease.holder().map(Reclaimable::reclaim).orElse(false))) {
      return false;
    }
    synchronized (lock) {
      if (!known.containsAll(entry.leases())) {
        return false;
      }
      entry.leave(Leaving.RECLAIMED);
    }
    closeIfUnused(entry);
    return true;
  }

  List<LeasedSession> leases(LeaseEntry entry) {
    synchronized (lock) {
      return entry.leases();
    }
  }

  boolean isLeaving(LeaseEntry entry) {
    synchronized (lock) {
      return entry.isLeaving();
    }
  }

  Duration unused(LeaseEntry entry) {
    synchronized (lock) {
      return entry.isUsable() ? entry.unused() : Duration.ZERO;
    }
  }

  /**
   * Retires everything, and lends nothing any more. Leases that are still out when the drain time
   * has passed are ended from here, so that no native memory outlives the runtime.
   */
  void close(Duration drain, Duration grace) {
    List<LeaseEntry> all;
    synchronized (lock) {
      closed = true;
      all = List.copyOf(entries.values());
      all.forEach(entry -> entry.leave(Leaving.RETIRED));
    }
    all.forEach(this::closeIfUnused);
    RequestContext draining = RequestContext.within(drain);
    List<LeaseEntry> stragglers = all.stream().filter(e -> !e.awaitGone(draining)).toList();
    stragglers.forEach(this::stop);
    stragglers.forEach(this::revoke);
    RequestContext ending = RequestContext.within(grace);
    List<ModelKey> left =
        stragglers.stream().filter(e -> !e.awaitGone(ending)).map(LeaseEntry::key).toList();
    if (!left.isEmpty()) {
      throw new DeadlineExceededException(
          "sessions must end within %s of being told to; still running: %s"
              .formatted(drain.plus(grace), left));
    }
  }

  List<SessionStatus> statuses() {
    List<SessionStatus> statuses = new ArrayList<>();
    synchronized (lock) {
      entries.values().stream()
          .filter(LeaseEntry::isOpen)
          .map(LeaseEntry::status)
          .forEach(statuses::add);
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
      if (lease.entry().isStopped()) {
        throw new ServiceGoneException("model " + lease.entry().key() + " was retired");
      }
      if (lease.isClosed()) {
        throw new IllegalStateException(
            "the lease of model " + lease.entry().key() + " is closed already");
      }
      lease.runStarted();
    }
  }

  void leave(LeasedSession lease, boolean finished) {
    synchronized (lock) {
      lease.runEnded();
      if (finished) {
        lease.entry().runFinished();
      }
      lease.entry().dropIfDone(lease);
    }
    closeIfUnused(lease.entry());
  }

  void release(LeasedSession lease) {
    synchronized (lock) {
      lease.markClosed();
      lease.entry().dropIfDone(lease);
    }
    closeIfUnused(lease.entry());
  }

  private void closeIfUnused(LeaseEntry entry) {
    synchronized (lock) {
      if (!entry.claimClosing()) {
        return;
      }
    }
    try {
      entry.session().close();
    } finally {
      synchronized (lock) {
        entries.remove(entry.key(), entry);
      }
      entry.closed();
    }
  }

  private void stop(LeaseEntry entry) {
    boolean open;
    synchronized (lock) {
      entry.stop();
      open = entry.isUsable();
    }
    if (open) {
      entry.session().terminate();
    }
  }

  private void revoke(LeaseEntry entry) {
    synchronized (lock) {
      for (LeasedSession lease : entry.leases()) {
        lease.markClosed();
        entry.dropIfDone(lease);
      }
    }
    closeIfUnused(entry);
  }
}
