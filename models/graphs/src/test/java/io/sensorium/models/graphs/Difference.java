package io.sensorium.models.graphs;

import io.sensorium.api.tensor.Tensor;
import java.nio.FloatBuffer;

/**
 * How far two float tensors are apart.
 *
 * @param maxAbs the largest absolute difference
 * @param scale the largest absolute value of the expected tensor
 * @param cosine the smallest cosine over the rows of the last axis
 */
record Difference(double maxAbs, double scale, double cosine) {
  static Difference between(Tensor actual, Tensor expected) {
    if (!actual.shape().equals(expected.shape())) {
      throw new AssertionError("expected " + expected + " but got " + actual);
    }
    FloatBuffer left = actual.asFloats();
    FloatBuffer right = expected.asFloats();
    int width = (int) expected.shape().dimension(expected.shape().rank() - 1);
    double maxAbs = 0;
    double scale = 0;
    double cosine = 1;
    for (int row = 0; row < right.capacity(); row += width) {
      double dot = 0;
      double leftSquares = 0;
      double rightSquares = 0;
      for (int i = row; i < row + width; i++) {
        double a = left.get(i);
        double b = right.get(i);
        maxAbs = Math.max(maxAbs, Math.abs(a - b));
        scale = Math.max(scale, Math.abs(b));
        dot += a * b;
        leftSquares += a * a;
        rightSquares += b * b;
      }
      cosine = Math.min(cosine, dot / Math.sqrt(leftSquares * rightSquares));
    }
    return new Difference(maxAbs, scale, cosine);
  }
}
