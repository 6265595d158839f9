package io.sensorium.models.world.sounds;

/** A second-order filter after R. Bristow-Johnson's audio cookbook. One thread at a time. */
final class Biquad {

  private static final double HIGHEST_HERTZ = 0.49 * Strike.SAMPLE_RATE;

  private final double b0;
  private final double b1;
  private final double b2;
  private final double a1;
  private final double a2;
  private double first;
  private double second;

  private Biquad(double b0, double b1, double b2, double a0, double a1, double a2) {
    this.b0 = b0 / a0;
    this.b1 = b1 / a0;
    this.b2 = b2 / a0;
    this.a1 = a1 / a0;
    this.a2 = a2 / a0;
  }

  static Biquad lowPass(double hertz, double quality) {
    double omega = omega(hertz);
    double cosine = Math.cos(omega);
    double alpha = Math.sin(omega) / (2 * quality);
    double edge = (1 - cosine) / 2;
    return new Biquad(edge, 1 - cosine, edge, 1 + alpha, -2 * cosine, 1 - alpha);
  }

  static Biquad highPass(double hertz, double quality) {
    double omega = omega(hertz);
    double cosine = Math.cos(omega);
    double alpha = Math.sin(omega) / (2 * quality);
    double edge = (1 + cosine) / 2;
    return new Biquad(edge, -(1 + cosine), edge, 1 + alpha, -2 * cosine, 1 - alpha);
  }

  static Biquad bandPass(double hertz, double quality) {
    double omega = omega(hertz);
    double alpha = Math.sin(omega) / (2 * quality);
    return new Biquad(alpha, 0, -alpha, 1 + alpha, -2 * Math.cos(omega), 1 - alpha);
  }

  private static double omega(double hertz) {
    return 2 * Math.PI * Math.min(hertz, HIGHEST_HERTZ) / Strike.SAMPLE_RATE;
  }

  /** Transposed direct form II. */
  double filter(double input) {
    double output = b0 * input + first;
    first = b1 * input - a1 * output + second;
    second = b2 * input - a2 * output;
    return output;
  }
}
