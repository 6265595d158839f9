package io.sensorium.host.ingest;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.MediaIndex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts entries into the index in groups. Thread-safe; callers wait while the index is behind.
 *
 * <p>A group is closed when it is full or a second old, so that slow embedding does not leave much
 * to be done again after an interruption.
 */
final class EntryWriter {
  private static final int GROUP = 64;
  private static final int GROUPS_AT_ONCE = 2;
  private static final long GROUP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MediaIndex index;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<CompletableFuture<Void>> writing = new ArrayDeque<>();
  private List<IndexEntry> group = new ArrayList<>();
  private long groupOpenedNanos;

  EntryWriter(MediaIndex index) {
    this.index = index;
  }

  /**
   * Adds an entry.
   *
   * @throws SensoriumException if an earlier group could not be stored
   */
  void add(IndexEntry entry) {
    lock.lock();
    try {
      if (group.isEmpty()) {
        groupOpenedNanos = System.nanoTime();
      }
      group.add(entry);
      if (group.size() >= GROUP || System.nanoTime() - groupOpenedNanos >= GROUP_NANOS) {
        send();
        awaitAtMost(GROUPS_AT_ONCE);
      }
      while (!writing.isEmpty() && writing.getFirst().isDone()) {
        await(writing.removeFirst());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns when everything added is durable. */
  void finish() {
    lock.lock();
    try {
      if (!group.isEmpty()) {
        send();
      }
      awaitAtMost(0);
    } finally {
      lock.unlock();
    }
  }

  private void send() {
    writing.add(index.put(List.copyOf(group)));
    group = new ArrayList<>();
  }

  private void awaitAtMost(int unfinished) {
    while (writing.size() > unfinished) {
      await(writing.removeFirst());
    }
  }

  static void await(CompletableFuture<Void> change) {
    try {
      change.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SensoriumException cause) {
        throw cause;
      }
      throw new StorageException("the index did not take a change: " + e.getCause(), e.getCause());
    }
  }
}
