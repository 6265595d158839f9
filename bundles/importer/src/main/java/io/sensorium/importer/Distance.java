package io.sensorium.importer;

import io.sensorium.api.tensor.Tensor;
import java.nio.FloatBuffer;

/**
 * How far one float32 tensor is from another. Immutable.
 *
 * @param cosine the smallest over the rows of the last axis
 * @param relative the largest difference by the largest magnitude
 */
record Distance(double cosine, double relative) {
  static final Distance NONE = new Distance(1, 0);

  /** Measures; not-a-number anywhere gives not-a-number. */
  static Distance between(Tensor expected, Tensor actual) {
    FloatBuffer left = expected.asFloats();
    FloatBuffer right = actual.asFloats();
    int rank = expected.shape().rank();
    int width = Math.toIntExact(expected.shape().dimension(rank - 1));
    double cosine = 1;
    double largest = 0;
    double scale = 0;
    for (int row = 0; row < left.capacity(); row += width) {
      double dot = 0;
      double leftSquares = 0;
      double rightSquares = 0;
      for (int i = row; i < row + width; i++) {
        double l = left.get(i);
        double r = right.get(i);
        largest = Math.max(largest, Math.abs(l - r));
        scale = Math.max(scale, Math.abs(l));
        dot += l * r;
        leftSquares += l * l;
        rightSquares += r * r;
      }
      boolean zeros = leftSquares == 0 && rightSquares == 0;
      cosine = Math.min(cosine, zeros ? 1 : dot / Math.sqrt(leftSquares * rightSquares));
    }
    return new Distance(cosine, largest == 0 ? 0 : largest / scale);
  }

  /** The worse of both in each figure. */
  Distance or(Distance other) {
    return new Distance(Math.min(cosine, other.cosine), Math.max(relative, other.relative));
  }
}
