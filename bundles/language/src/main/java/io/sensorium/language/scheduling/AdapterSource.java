package io.sensorium.language.scheduling;

import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.language.LowRankAdapter;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A low-rank adapter in service, as requests and the threads of open models share it. Thread-safe.
 *
 * <p>Whoever has it loaded counts as a holder. Once it is leaving, no request takes it any more,
 * and its holders unload it as soon as those that took it before are answered.
 */
public final class AdapterSource {
  private final String name;
  private final Consumer<Consumer<LowRankAdapter>> reading;
  private final Object lock = new Object();

  // All guarded by the lock.
  private int requests;
  private int holders;
  private boolean leaving;

  /**
   * @param name of the adapter, for messages
   * @param reading lends the adapter's factors for the time of a call
   */
  public AdapterSource(String name, Consumer<Consumer<LowRankAdapter>> reading) {
    this.name = name;
    this.reading = reading;
  }

  /** For instance {@code pirate 1}. */
  public String name() {
    return name;
  }

  /**
   * A request takes it; {@link #answered} follows.
   *
   * @throws ServiceGoneException if it is leaving
   */
  public void taken() {
    synchronized (lock) {
      if (leaving) {
        throw new ServiceGoneException("adapter %s is leaving".formatted(name));
      }
      requests++;
    }
  }

  /** A request that took it is answered. */
  public void answered() {
    synchronized (lock) {
      requests--;
    }
  }

  /** Lends its factors to somebody who loads them, and who is a holder from then on. */
  void load(Consumer<LowRankAdapter> loading) {
    synchronized (lock) {
      holders++;
    }
    boolean loaded = false;
    try {
      reading.accept(loading);
      loaded = true;
    } finally {
      if (!loaded) {
        unloaded();
      }
    }
  }

  /** A holder has it no more. */
  void unloaded() {
    synchronized (lock) {
      holders--;
      lock.notifyAll();
    }
  }

  /** Answers whether its holders shall unload it. */
  boolean isToGo() {
    synchronized (lock) {
      return leaving && requests == 0;
    }
  }

  /**
   * Lets no request take it any more. The models' threads are to be {@link ModelScheduler#wake
   * woken}.
   */
  public void leave() {
    synchronized (lock) {
      leaving = true;
    }
  }

  /** Waits until nobody has it loaded; answers whether it is so. */
  public boolean awaitUnloaded(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (lock) {
      try {
        while (holders > 0) {
          long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
          if (millis <= 0) {
            return false;
          }
          lock.wait(millis);
        }
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
