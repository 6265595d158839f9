package io.sensorium.host.reembedding;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Keeps indexing and re-embedding off the same items: several indexings run side by side, a group
 * of items moves only between them. Thread-safe.
 */
final class IndexingGate {
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  <T> T whileIndexing(Supplier<T> run) {
    lock.readLock().lock();
    try {
      return run.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Runs some work once nobody indexes. Never queues: a waiting writer would hold up the next
   * indexing behind the one that runs.
   *
   * @param givenUp whether to stop waiting
   * @return whether it was run
   */
  boolean betweenIndexings(Runnable work, BooleanSupplier givenUp) {
    while (!lock.writeLock().tryLock()) {
      if (givenUp.getAsBoolean()) {
        return false;
      }
      LockSupport.parkNanos(this, SLICE_NANOS);
    }
    try {
      work.run();
      return true;
    } finally {
      lock.writeLock().unlock();
    }
  }
}
