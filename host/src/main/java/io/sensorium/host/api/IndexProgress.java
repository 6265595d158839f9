package io.sensorium.host.api;

import java.time.Duration;

/** Hears how far indexing is. Called from one thread at a time, a few times a second. */
@FunctionalInterface
public interface IndexProgress {
  /** Hears nothing. */
  IndexProgress NONE = state -> {};

  /** Takes the latest state; must return soon. */
  void update(State state);

  /**
   * How far indexing is.
   *
   * @param done files finished, whatever became of them
   * @param total files found; 0 while folders are still being read
   * @param filesPerSecond since the start
   * @param remaining an estimate; zero while unknown
   */
  record State(long done, long total, double filesPerSecond, Duration remaining) {}
}
