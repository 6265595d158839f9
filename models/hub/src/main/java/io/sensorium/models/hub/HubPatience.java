package io.sensorium.models.hub;

import java.time.Duration;

/**
 * How long a hub is waited for.
 *
 * @param answer the longest wait for a connection or for the head of an answer
 * @param idle the longest wait for the next byte of an answer
 * @param attempts how often in a row something may fail without a byte won
 * @param firstPause the pause after the first failure; each further one is twice as long
 * @param longestPause the longest pause, also of those that the hub asks for
 */
public record HubPatience(
    Duration answer, Duration idle, int attempts, Duration firstPause, Duration longestPause) {
  /** 30 s for an answer and between bytes, 6 attempts, pauses of 1 s to 60 s. */
  public static final HubPatience DEFAULT =
      new HubPatience(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          6,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60));

  public HubPatience {
    if (attempts < 1 || !answer.isPositive() || !idle.isPositive() || firstPause.isNegative()) {
      throw new IllegalArgumentException("times must be positive and attempts at least 1");
    }
    if (longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "the longest pause must not be shorter than the first, %s; got %s"
              .formatted(firstPause, longestPause));
    }
  }
}
