package io.sensorium.runtime.onnx;

import java.time.Duration;

/**
 * How sessions compute and end.
 *
 * @param threads that one session's operators share, at least 1
 * @param spinning whether threads of all sessions wait busily for as long as a run lasts
 * @param decodeSpinMicros how long threads of a session that generates wait busily for the next
 *     operator or step, in microseconds; 0 for not at all
 * @param drain how long closing waits for leases, positive
 */
public record SessionSettings(int threads, boolean spinning, int decodeSpinMicros, Duration drain) {
  /**
   * As long as operators that one thread runs alone take, and what lies between two steps: a longer
   * wait costs more processor time for a token than sleeping does.
   */
  static final int DECODE_SPIN_MICROS = 100;

  /** As many threads as cores, spinning while they decode alone, five seconds. */
  public static final SessionSettings DEFAULT =
      of(0, false, DECODE_SPIN_MICROS, Duration.ofSeconds(5));

  public SessionSettings {
    if (threads < 1 || decodeSpinMicros < 0 || drain.isNegative() || drain.isZero()) {
      throw new IllegalArgumentException(
          "threads and drain must be positive, decodeSpinMicros not negative; got %d, %s and %d"
              .formatted(threads, drain, decodeSpinMicros));
    }
  }

  /** With the usual wait of sessions that generate. */
  public SessionSettings(int threads, boolean spinning, Duration drain) {
    this(threads, spinning, DECODE_SPIN_MICROS, drain);
  }

  /**
   * Settings within this machine's means.
   *
   * @param wanted threads, at most as many as there are cores; 0 for all
   */
  static SessionSettings of(int wanted, boolean spinning, int decodeSpinMicros, Duration drain) {
    int cores = Runtime.getRuntime().availableProcessors();
    int threads = wanted < 1 ? cores : Math.min(wanted, cores);
    return new SessionSettings(threads, spinning, decodeSpinMicros, drain);
  }
}
