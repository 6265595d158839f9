package io.sensorium.models.world.sounds;

import java.util.function.DoubleUnaryOperator;

/** Functions of time that strikes are shaped with; all times in seconds, all results 0..1. */
final class Shapes {

  private Shapes() {}

  /** A bell-shaped rise and fall over {@code length}, nothing outside. */
  static double hann(double time, double length) {
    if (time <= 0 || time >= length) {
      return 0;
    }
    double sine = Oscillator.sine(time / length / 2);
    return sine * sine;
  }

  /** Up within {@code attack}, held, down within {@code release} before {@code length}. */
  static double plateau(double time, double attack, double release, double length) {
    return Math.max(0, Math.min(1, Math.min(time / attack, (length - time) / release)));
  }

  /**
   * A train of {@code rate} pulses a second, each bell-shaped and filling {@code duty} of a period.
   */
  static double pulses(double time, double rate, double duty) {
    double phase = time * rate;
    return hann(phase - Math.floor(phase), duty);
  }

  /** A sine between 0 and 1. */
  static double wobble(double time, double rate) {
    return 0.5 + 0.5 * Oscillator.sine(time * rate);
  }

  static DoubleUnaryOperator constant(double value) {
    return time -> value;
  }
}
