package io.sensorium.examples.motion;

/**
 * Powers of a three-dimensional movement at the first frequencies above zero, from one Hann window.
 * Immutable and thread-safe.
 */
final class WindowedFourier {
  private static final int AXES = 3;

  private final int window;
  private final int frequencies;
  // [sample][frequency], the window and its normalisation included: inner loops over frequencies
  // add without order and so compile to vector instructions.
  private final double[][] cosines;
  private final double[][] sines;

  /**
   * @param window samples
   * @param period of the lowest frequency, in samples, at least {@code window}
   * @param frequencies how many of its multiples are looked at
   */
  WindowedFourier(int window, int period, int frequencies) {
    this.window = window;
    this.frequencies = frequencies;
    cosines = new double[window][frequencies];
    sines = new double[window][frequencies];
    double squares = 0;
    for (int i = 0; i < window; i++) {
      squares += hann(i) * hann(i);
    }
    for (int i = 0; i < window; i++) {
      double weight = hann(i) / Math.sqrt(squares);
      for (int k = 0; k < frequencies; k++) {
        double angle = 2 * Math.PI * (k + 1) * i / period;
        cosines[i][k] = weight * Math.cos(angle);
        sines[i][k] = weight * Math.sin(angle);
      }
    }
  }

  private double hann(int sample) {
    return 0.5 - 0.5 * Math.cos(2 * Math.PI * sample / window);
  }

  int window() {
    return window;
  }

  int frequencies() {
    return frequencies;
  }

  /**
   * Writes the powers of the window that begins at {@code from}.
   *
   * @param moved three axes
   * @param up a direction of length 1
   * @param along receives the power in that direction
   * @param across receives the power in all others
   */
  void powers(double[][] moved, double[] up, int from, double[] along, double[] across) {
    var total = new double[frequencies];
    var upReal = new double[frequencies];
    var upImaginary = new double[frequencies];
    for (int axis = 0; axis < AXES; axis++) {
      double[] real = transform(moved[axis], from, cosines);
      double[] imaginary = transform(moved[axis], from, sines);
      for (int k = 0; k < frequencies; k++) {
        total[k] += real[k] * real[k] + imaginary[k] * imaginary[k];
        upReal[k] += up[axis] * real[k];
        upImaginary[k] += up[axis] * imaginary[k];
      }
    }
    for (int k = 0; k < frequencies; k++) {
      along[k] = upReal[k] * upReal[k] + upImaginary[k] * upImaginary[k];
      across[k] = Math.max(0, total[k] - along[k]);
    }
  }

  private double[] transform(double[] samples, int from, double[][] waves) {
    var sums = new double[frequencies];
    for (int i = 0; i < window; i++) {
      double sample = samples[from + i];
      double[] wave = waves[i];
      for (int k = 0; k < frequencies; k++) {
        sums[k] += sample * wave[k];
      }
    }
    return sums;
  }
}
