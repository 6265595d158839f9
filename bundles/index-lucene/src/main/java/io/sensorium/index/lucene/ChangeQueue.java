package io.sensorium.index.lucene;

import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.ServiceGoneException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Calls that wait for the log, bounded by their bytes. Thread-safe; one thread takes. */
final class ChangeQueue {
  private static final long GROUP_BYTES = 8L << 20;

  private final long capacityBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<Call> calls = new ArrayDeque<>();
  private long waitingBytes;
  private boolean closed;

  /** One call's changes, acknowledged together. */
  record Call(List<Change> changes, long bytes, CompletableFuture<Void> answer) {
    static Call of(List<Change> changes) {
      long bytes = changes.stream().mapToLong(Change::loggedBytes).sum();
      return new Call(List.copyOf(changes), bytes, new CompletableFuture<>());
    }
  }

  ChangeQueue(long capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  /** Takes the call in; what is over the bound is refused, but for a call that is alone. */
  Optional<SensoriumException> offer(Call call) {
    lock.lock();
    try {
      if (closed) {
        return Optional.of(new ServiceGoneException("the index was closed"));
      }
      if (waitingBytes > 0 && waitingBytes + call.bytes() > capacityBytes) {
        return Optional.of(
            new ResourceExhaustedException(
                "at most %d bytes may wait for the index's log; %d wait and %d came"
                    .formatted(capacityBytes, waitingBytes, call.bytes())));
      }
      waitingBytes += call.bytes();
      calls.add(call);
      arrived.signal();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The calls that are to share one write; none if none came in time. */
  List<Call> take(long timeoutMillis) throws InterruptedException {
    lock.lock();
    try {
      long nanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
      while (calls.isEmpty() && !closed && nanos > 0) {
        nanos = arrived.awaitNanos(nanos);
      }
      List<Call> group = new ArrayList<>();
      long bytes = 0;
      while (!calls.isEmpty() && (group.isEmpty() || bytes + calls.peek().bytes() <= GROUP_BYTES)) {
        Call call = calls.remove();
        bytes += call.bytes();
        group.add(call);
      }
      waitingBytes -= bytes;
      return group;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more in; what waits can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  boolean isDrained() {
    lock.lock();
    try {
      return closed && calls.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
