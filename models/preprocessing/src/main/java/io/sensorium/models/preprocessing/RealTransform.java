package io.sensorium.models.preprocessing;

/**
 * Power spectra of real signals whose length is a power of two, through a complex transform of half
 * the length (Numerical Recipes, section 12.3). Immutable and thread-safe.
 */
final class RealTransform {
  private final int length;
  private final int half;
  private final int[] reversed;
  private final double[] cosines;
  private final double[] sines;

  /**
   * @param length a power of two, at least 4
   */
  RealTransform(int length) {
    if (length < 4 || Integer.bitCount(length) != 1) {
      throw new IllegalArgumentException(
          "a transform needs a power of two of at least 4; got " + length);
    }
    this.length = length;
    half = length / 2;
    reversed = new int[half];
    int bits = Integer.numberOfTrailingZeros(half);
    for (int i = 0; i < half; i++) {
      reversed[i] = Integer.reverse(i) >>> (Integer.SIZE - bits);
    }
    cosines = new double[half];
    sines = new double[half];
    for (int k = 0; k < half; k++) {
      cosines[k] = Math.cos(2 * Math.PI * k / length);
      sines[k] = -Math.sin(2 * Math.PI * k / length);
    }
  }

  /** Numbers of scratch that {@link #power} needs. */
  int scratchLength() {
    return length;
  }

  /**
   * Computes |X_k|^2 for k = 0..length/2.
   *
   * @param signal {@code length} values, unchanged
   * @param scratch {@link #scratchLength} values, overwritten
   * @param power receives {@code length / 2 + 1} values
   */
  void power(double[] signal, double[] scratch, double[] power) {
    for (int i = 0; i < half; i++) {
      scratch[2 * reversed[i]] = signal[2 * i];
      scratch[2 * reversed[i] + 1] = signal[2 * i + 1];
    }
    butterflies(scratch);
    double sum = scratch[0] + scratch[1];
    double difference = scratch[0] - scratch[1];
    power[0] = sum * sum;
    power[half] = difference * difference;
    for (int k = 1; k < half; k++) {
      int mirrored = 2 * (half - k);
      double evenReal = 0.5 * (scratch[2 * k] + scratch[mirrored]);
      double evenImaginary = 0.5 * (scratch[2 * k + 1] - scratch[mirrored + 1]);
      double oddReal = 0.5 * (scratch[2 * k + 1] + scratch[mirrored + 1]);
      double oddImaginary = -0.5 * (scratch[2 * k] - scratch[mirrored]);
      double real = evenReal + cosines[k] * oddReal - sines[k] * oddImaginary;
      double imaginary = evenImaginary + cosines[k] * oddImaginary + sines[k] * oddReal;
      power[k] = real * real + imaginary * imaginary;
    }
  }

  /** Decimation in time on {@code half} interleaved complex numbers in bit-reversed order. */
  private void butterflies(double[] values) {
    for (int width = 1; width < half; width *= 2) {
      int stride = half / width;
      for (int k = 0; k < width; k++) {
        double cosine = cosines[k * stride];
        double sine = sines[k * stride];
        for (int i = k; i < half; i += 2 * width) {
          int upper = 2 * i;
          int lower = 2 * (i + width);
          double real = cosine * values[lower] - sine * values[lower + 1];
          double imaginary = cosine * values[lower + 1] + sine * values[lower];
          values[lower] = values[upper] - real;
          values[lower + 1] = values[upper + 1] - imaginary;
          values[upper] += real;
          values[upper + 1] += imaginary;
        }
      }
    }
  }
}
