package io.sensorium.host.ingest;

import io.sensorium.host.api.IndexProgress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** Counts finished files and tells, a few times a second. Thread-safe. */
final class ProgressMeter {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final long total;
  private final IndexProgress progress;
  private final long startNanos = System.nanoTime();
  private final AtomicLong done = new AtomicLong();
  private final ReentrantLock telling = new ReentrantLock();
  private long toldNanos = startNanos;

  ProgressMeter(long total, IndexProgress progress) {
    this.total = total;
    this.progress = progress;
  }

  void fileDone() {
    done.incrementAndGet();
    if (telling.tryLock()) {
      try {
        long now = System.nanoTime();
        if (now - toldNanos >= PAUSE_NANOS) {
          toldNanos = now;
          progress.update(state());
        }
      } finally {
        telling.unlock();
      }
    }
  }

  void finish() {
    telling.lock();
    try {
      progress.update(state());
    } finally {
      telling.unlock();
    }
  }

  private IndexProgress.State state() {
    long finished = done.get();
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    double rate = seconds > 0 ? finished / seconds : 0;
    Duration remaining =
        rate > 0 ? Duration.ofMillis((long) ((total - finished) / rate * 1000)) : Duration.ZERO;
    return new IndexProgress.State(finished, total, rate, remaining);
  }
}
