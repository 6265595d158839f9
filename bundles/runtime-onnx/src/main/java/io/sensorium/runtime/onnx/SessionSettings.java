package io.sensorium.runtime.onnx;

import java.time.Duration;

/**
 * How sessions compute and end.
 *
 * @param threads that one session's operators share, at least 1
 * @param spinning whether idle threads wait busily
 * @param drain how long closing waits for leases, positive
 */
public record SessionSettings(int threads, boolean spinning, Duration drain) {
  /** As many threads as cores, none spinning, five seconds. */
  public static final SessionSettings DEFAULT = of(0, false, Duration.ofSeconds(5));

  public SessionSettings {
    if (threads < 1 || drain.isNegative() || drain.isZero()) {
      throw new IllegalArgumentException(
          "threads and drain must be positive; got %d and %s".formatted(threads, drain));
    }
  }

  /**
   * Settings within this machine's means.
   *
   * @param wanted threads, at most as many as there are cores; 0 for all
   */
  static SessionSettings of(int wanted, boolean spinning, Duration drain) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new SessionSettings(wanted < 1 ? cores : Math.min(wanted, cores), spinning, drain);
  }
}
