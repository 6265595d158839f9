package io.sensorium.models.preprocessing;

/**
 * Power spectra of real signals of even length, through a complex transform of half the length
 * (Numerical Recipes, section 12.3). Immutable and thread-safe.
 */
final class RealTransform {
  private final int half;
  private final ComplexTransform transform;
  private final double[] cosines;
  private final double[] sines;

  /**
   * @param length even, at least 4; a product of small primes is fast
   */
  RealTransform(int length) {
    if (length < 4 || length % 2 != 0) {
      throw new IllegalArgumentException(
          "a transform needs an even length of at least 4; got " + length);
    }
    half = length / 2;
    transform = new ComplexTransform(half);
    cosines = new double[half];
    sines = new double[half];
    for (int k = 0; k < half; k++) {
      cosines[k] = Math.cos(2 * Math.PI * k / length);
      sines[k] = -Math.sin(2 * Math.PI * k / length);
    }
  }

  /**
   * Computes |X_k|^2 for k = 0..length/2.
   *
   * @param signal {@code length} values, overwritten
   * @param scratch as many, overwritten
   * @param power receives {@code length / 2 + 1} values
   */
  void power(double[] signal, double[] scratch, double[] power) {
    // Read as complex, the signal is its even samples plus i times its odd ones.
    double[] mixed = transform.transform(signal, scratch);
    double sum = mixed[0] + mixed[1];
    double difference = mixed[0] - mixed[1];
    power[0] = sum * sum;
    power[half] = difference * difference;
    for (int k = 1; k < half; k++) {
      int mirrored = 2 * (half - k);
      double evenReal = 0.5 * (mixed[2 * k] + mixed[mirrored]);
      double evenImaginary = 0.5 * (mixed[2 * k + 1] - mixed[mirrored + 1]);
      double oddReal = 0.5 * (mixed[2 * k + 1] + mixed[mirrored + 1]);
      double oddImaginary = -0.5 * (mixed[2 * k] - mixed[mirrored]);
      double real = evenReal + cosines[k] * oddReal - sines[k] * oddImaginary;
      double imaginary = evenImaginary + cosines[k] * oddImaginary + sines[k] * oddReal;
      power[k] = real * real + imaginary * imaginary;
    }
  }
}
