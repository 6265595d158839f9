package io.sensorium.models.preprocessing;

/**
 * One axis of a resize: which source positions every output position weighs, in 22-bit fixed point.
 *
 * <p>Follows {@code precompute_coeffs} and {@code normalize_coeffs_8bpc} of Pillow's Resample.c.
 */
final class ResizeCoefficients {
  /** Eight bits of pixel, two of headroom for negative lobes. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  static final int HALF = 1 << (PRECISION_BITS - 1);

  final int[] firsts;
  final int[] counts;
  final int[] weights;

  /** The row length of {@link #weights}. */
  final int stride;

  private ResizeCoefficients(int outputSize, int stride) {
    this.firsts = new int[outputSize];
    this.counts = new int[outputSize];
    this.weights = new int[Math.multiplyExact(outputSize, stride)];
    this.stride = stride;
  }

  static ResizeCoefficients of(int inputSize, int outputSize, ResizeFilter filter) {
    if (inputSize == outputSize) {
      return identity(inputSize);
    }
    double scale = (double) inputSize / outputSize;
    double filterScale = Math.max(scale, 1);
    double support = filter.support() * filterScale;
    int stride = Math.min((int) Math.ceil(support) * 2 + 1, inputSize);
    ResizeCoefficients axis = new ResizeCoefficients(outputSize, stride);
    double[] row = new double[stride];
    for (int output = 0; output < outputSize; output++) {
      double centre = (output + 0.5) * scale;
      int first = Math.max((int) (centre - support + 0.5), 0);
      int count = Math.min((int) (centre + support + 0.5), inputSize) - first;
      double sum = 0;
      for (int tap = 0; tap < count; tap++) {
        row[tap] = filter.weight((tap + first - centre + 0.5) * (1 / filterScale));
        sum += row[tap];
      }
      for (int tap = 0; tap < count; tap++) {
        axis.weights[output * stride + tap] = toFixedPoint(sum == 0 ? row[tap] : row[tap] / sum);
      }
      axis.firsts[output] = first;
      axis.counts[output] = count;
    }
    return axis;
  }

  /** Pillow leaves an axis alone whose size stays; a weight of one does the same. */
  private static ResizeCoefficients identity(int size) {
    ResizeCoefficients axis = new ResizeCoefficients(size, 1);
    for (int i = 0; i < size; i++) {
      axis.firsts[i] = i;
      axis.counts[i] = 1;
      axis.weights[i] = 1 << PRECISION_BITS;
    }
    return axis;
  }

  private static int toFixedPoint(double weight) {
    return (int) (weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5));
  }
}
