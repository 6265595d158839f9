package io.sensorium.models.training;

/** Arithmetic on rows of flat float arrays. */
final class Vectors {
  private static final double SMALLEST_NORM = 1e-12;

  private Vectors() {}

  /** Scales {@code length} elements from {@code offset} to unit length in place. */
  static void normalise(float[] values, int offset, int length) {
    double squares = 0;
    for (int k = 0; k < length; k++) {
      squares += (double) values[offset + k] * values[offset + k];
    }
    float factor = (float) (1 / Math.max(Math.sqrt(squares), SMALLEST_NORM));
    for (int k = 0; k < length; k++) {
      values[offset + k] *= factor;
    }
  }

  /** The inner product of row {@code i} of {@code a} and row {@code j} of {@code b}. */
  static float dot(float[] a, int i, float[] b, int j, int width) {
    float sum = 0;
    for (int k = 0; k < width; k++) {
      sum += a[i * width + k] * b[j * width + k];
    }
    return sum;
  }
}
