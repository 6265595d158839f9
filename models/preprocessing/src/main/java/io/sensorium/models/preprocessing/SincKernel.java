package io.sensorium.models.preprocessing;

/**
 * A low-pass kernel over time in samples of the lower rate: a sinc under a Kaiser window, tabulated
 * and interpolated linearly (the error is below -115 dB). Immutable.
 */
final class SincKernel implements LowPassKernel {
  /** The kernel is zero from this many samples on. */
  static final int ZERO_CROSSINGS = 64;

  /** The middle of the transition band, relative to the Nyquist frequency. */
  static final double CUTOFF = 0.954;

  /** Kaiser's shape for 90 dB: 0.1102 * (90 - 8.7). */
  static final double BETA = 8.96;

  private static final int STEPS_PER_SAMPLE = 1024;

  private final double[] table = new double[ZERO_CROSSINGS * STEPS_PER_SAMPLE + 2];

  SincKernel() {
    for (int i = 0; i < ZERO_CROSSINGS * STEPS_PER_SAMPLE; i++) {
      table[i] = exact((double) i / STEPS_PER_SAMPLE);
    }
  }

  @Override
  public double reach() {
    return ZERO_CROSSINGS;
  }

  @Override
  public boolean keepsConstants() {
    return true;
  }

  @Override
  public double at(double time) {
    double position = Math.abs(time) * STEPS_PER_SAMPLE;
    int index = (int) position;
    if (index >= table.length - 1) {
      return 0;
    }
    return table[index] + (position - index) * (table[index + 1] - table[index]);
  }

  /** The kernel itself; StrictMath, so that every machine has the same table. */
  static double exact(double time) {
    double edge = time / ZERO_CROSSINGS;
    if (Math.abs(edge) >= 1) {
      return 0;
    }
    double angle = Math.PI * CUTOFF * time;
    double sinc = angle == 0 ? 1 : StrictMath.sin(angle) / angle;
    return CUTOFF * sinc * bessel(BETA * Math.sqrt(1 - edge * edge)) / bessel(BETA);
  }

  /** The modified Bessel function of order zero by its power series. */
  private static double bessel(double x) {
    double term = 1;
    double sum = 1;
    for (int k = 1; term > sum * 1e-17; k++) {
      double factor = x / (2 * k);
      term *= factor * factor;
      sum += term;
    }
    return sum;
  }
}
