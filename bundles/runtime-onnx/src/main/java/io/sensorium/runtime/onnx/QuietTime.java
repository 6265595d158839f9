package io.sensorium.runtime.onnx;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Knows whether a measured step was the only thing that took or gave back native memory. Steps that
 * overlap spoil each other's measurements, and nothing else. Thread-safe.
 */
final class QuietTime {
  private final Semaphore turn = new Semaphore(1);
  private final Object lock = new Object();
  private long begun;
  private int running;

  /** One step. One thread. */
  final class Step implements AutoCloseable {
    private final boolean polite;
    private final boolean alone;
    private final long number;

    private Step(boolean polite) {
      this.polite = polite;
      synchronized (lock) {
        this.number = ++begun;
        this.alone = ++running == 1;
      }
    }

    /** Whether nothing else has happened since it began. */
    boolean isAlone() {
      synchronized (lock) {
        return alone && begun == number;
      }
    }

    @Override
    public void close() {
      synchronized (lock) {
        running--;
      }
      if (polite) {
        turn.release();
      }
    }
  }

  /**
   * Begins a step.
   *
   * @param patience how long others who waited for their turn are waited for; zero for not at all
   */
  Step begin(Duration patience) {
    boolean polite = false;
    try {
      polite = patience.isPositive() && turn.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Step(polite);
  }

  /** Does something that spoils what is measured meanwhile. */
  void disturb(Runnable work) {
    Step step = begin(Duration.ZERO);
    try {
      work.run();
    } finally {
      step.close();
    }
  }
}
