package io.sensorium.space;

import io.sensorium.api.ResourceExhaustedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bounded queue of one generation: items are prepared by several threads, then gathered and run
 * together by one. Thread-safe.
 *
 * <p>An idle generation runs an item as soon as it is prepared; while a run is in progress the next
 * batch gathers, and a run is held back at most the configured delay for items that are just being
 * prepared. No foreign code is called under the lock.
 */
final class Batcher implements ItemHolder {
  private static final long IDLE_THREAD_SECONDS = 20;

  /** What is done with the items. Called without locks. */
  interface Stages {
    /** Prepares an item for a run. Throws what the item is to fail with. */
    PreparedItem prepare(Item item);

    /** Runs prepared items and answers or fails every one of them. */
    void run(List<PreparedItem> batch);

    /** Fails an item. */
    void fail(Item item, Throwable failure);
  }

  private final String name;
  private final EngineSettings settings;
  private final Stages stages;
  private final ThreadPoolExecutor threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by the lock.
  private final SequencedSet<Item> outstanding = new LinkedHashSet<>();
  private final SequencedSet<Item> waiting = new LinkedHashSet<>();
  private final LinkedHashMap<Item, PreparedItem> ready = new LinkedHashMap<>();
  private long outstandingBytes;
  private int workers;
  private int preparing;
  private boolean running;
  private boolean open = true;

  Batcher(String name, EngineSettings settings, Stages stages) {
    this.name = name;
    this.settings = settings;
    this.stages = stages;
    int count = settings.preparers() + 1;
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threadsNamed("sensorium-space-" + name + "-"));
    threads.allowCoreThreadTimeOut(true);
  }

  /** They are made while a caller waits, but shall not keep its class loader in memory. */
  private static ThreadFactory threadsNamed(String prefix) {
    ThreadFactory plain = Thread.ofPlatform().daemon().name(prefix, 0).factory();
    return work -> {
      Thread thread = plain.newThread(work);
      thread.setContextClassLoader(Batcher.class.getClassLoader());
      return thread;
    };
  }

  /**
   * Takes an item.
   *
   * @return false if the queue is closed
   * @throws ResourceExhaustedException if the queue is full
   */
  boolean offer(Item item) {
    lock.lock();
    try {
      if (!open) {
        return false;
      }
      requireRoomFor(item);
      item.heldBy(this);
      outstanding.addLast(item);
      outstandingBytes += item.bytes();
      waiting.addLast(item);
      startWorker();
    } finally {
      lock.unlock();
    }
    if (item.isDone()) {
      forget(item);
    }
    return true;
  }

  private void requireRoomFor(Item item) {
    if (outstanding.size() >= settings.queueItems()) {
      throw new ResourceExhaustedException(
          "the queue of %s is full: %d of %d items wait"
              .formatted(name, outstanding.size(), settings.queueItems()));
    }
    if (outstandingBytes + item.bytes() > settings.queueBytes()) {
      throw new ResourceExhaustedException(
          "the queue of %s is full: %d bytes wait, %d more are over the limit of %d"
              .formatted(name, outstandingBytes, item.bytes(), settings.queueBytes()));
    }
  }

  @Override
  public void forget(Item item) {
    lock.lock();
    try {
      if (outstanding.remove(item)) {
        outstandingBytes -= item.bytes();
        waiting.remove(item);
        ready.remove(item);
        changed.signalAll();
        startWorker();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more items. What was taken goes on. */
  void close() {
    lock.lock();
    try {
      open = false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything taken is answered and no foreign code runs for it. */
  boolean awaitIdle(Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = timeout.toNanos();
      while (!outstanding.isEmpty() || preparing > 0 || running) {
        if (nanos <= 0) {
          return false;
        }
        nanos = changed.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Answers whether nothing is taken and unanswered now. */
  boolean isIdle() {
    lock.lock();
    try {
      return outstanding.isEmpty() && preparing == 0 && !running;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up everything taken and stops the threads. The caller must see to the items. */
  List<Item> abandon() {
    lock.lock();
    try {
      open = false;
      List<Item> left = List.copyOf(outstanding);
      outstanding.clear();
      outstandingBytes = 0;
      waiting.clear();
      ready.clear();
      changed.signalAll();
      return left;
    } finally {
      lock.unlock();
      threads.shutdownNow();
    }
  }

  private boolean hasRoomForReady() {
    return ready.size() + preparing < settings.readyItems();
  }

  /** Under the lock. */
  private void startWorker() {
    if (workers < settings.preparers()
        && workers < waiting.size() + preparing
        && !waiting.isEmpty()
        && hasRoomForReady()
        && !threads.isShutdown()) {
      workers++;
      threads.execute(this::prepareWaiting);
    }
  }

  private void prepareWaiting() {
    for (Item item = nextWaiting(); item != null; item = nextWaiting()) {
      PreparedItem prepared = null;
      try {
        prepared = stages.prepare(item);
      } catch (Throwable failure) {
        stages.fail(item, failure);
      } finally {
        prepared(item, prepared);
      }
    }
  }

  /** The next item to prepare; null if there is none, and then this worker has left. */
  private Item nextWaiting() {
    lock.lock();
    try {
      if (waiting.isEmpty() || !hasRoomForReady()) {
        workers--;
        return null;
      }
      preparing++;
      return waiting.removeFirst();
    } finally {
      lock.unlock();
    }
  }

  private void prepared(Item item, PreparedItem prepared) {
    lock.lock();
    try {
      preparing--;
      if (prepared != null && outstanding.contains(item)) {
        ready.put(item, prepared);
      }
      if (!running && !ready.isEmpty() && !threads.isShutdown()) {
        running = true;
        threads.execute(this::runReady);
      } else if (isWorthRunning()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isWorthRunning() {
    return ready.size() >= settings.maxBatch() || (preparing == 0 && waiting.isEmpty());
  }

  private void runReady() {
    for (List<PreparedItem> batch = gather(); !batch.isEmpty(); batch = gather()) {
      try {
        stages.run(batch);
      } catch (Throwable failure) {
        batch.forEach(prepared -> stages.fail(prepared.item(), failure));
      }
    }
  }

  /** The next batch; empty if nothing is ready, and then the runner has left. */
  private List<PreparedItem> gather() {
    lock.lock();
    try {
      long nanos = settings.maxDelay().toNanos();
      while (!isWorthRunning() && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      List<PreparedItem> batch = new ArrayList<>(Math.min(ready.size(), settings.maxBatch()));
      while (!ready.isEmpty() && batch.size() < settings.maxBatch()) {
        batch.add(ready.pollFirstEntry().getValue());
      }
      if (batch.isEmpty()) {
        running = false;
        changed.signalAll();
      }
      for (int i = 0; i < settings.preparers(); i++) {
        startWorker();
      }
      return batch;
    } catch (InterruptedException e) {
      // Only abandon() interrupts, after it has taken every item away.
      Thread.currentThread().interrupt();
      running = false;
      changed.signalAll();
      return List.of();
    } finally {
      lock.unlock();
    }
  }
}
