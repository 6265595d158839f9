package io.sensorium.repository;

import io.sensorium.api.model.VerificationReport.OutputComparison;
import io.sensorium.api.tensor.Tensor;

/**
 * One output beside its recording.
 *
 * @param figures the distances; not-a-number where an output is, or where the shapes differ
 * @param scale the largest recorded magnitude
 */
record Comparison(OutputComparison figures, double scale) {

  static Comparison of(String name, Tensor recorded, Tensor actual) {
    double[] expected = TensorValues.of(recorded);
    double[] found = TensorValues.of(actual);
    if (!recorded.shape().equals(actual.shape()) || expected.length == 0) {
      return new Comparison(new OutputComparison(name, Double.NaN, Double.NaN, Double.NaN), 0);
    }
    double maximum = 0;
    double sum = 0;
    double scale = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(expected[i] - found[i]);
      maximum = Math.max(maximum, difference);
      sum += difference;
      scale = Math.max(scale, Math.abs(expected[i]));
    }
    int rank = recorded.shape().rank();
    int width = rank == 0 ? 1 : Math.toIntExact(recorded.shape().dimension(rank - 1));
    double cosine = smallestCosine(expected, found, width);
    return new Comparison(
        new OutputComparison(name, maximum, sum / expected.length, cosine), scale);
  }

  /** Answers whether both distances are in bounds; a not-a-number never is. */
  boolean passes(double tolerance, double leastCosine) {
    return figures.maxAbs() <= tolerance * scale && figures.cosine() >= leastCosine;
  }

  private static double smallestCosine(double[] expected, double[] found, int width) {
    double smallest = 1;
    for (int row = 0; row < expected.length; row += width) {
      double dot = 0;
      double expectedSquares = 0;
      double foundSquares = 0;
      for (int i = row; i < row + width; i++) {
        dot += expected[i] * found[i];
        expectedSquares += expected[i] * expected[i];
        foundSquares += found[i] * found[i];
      }
      boolean bothZero = expectedSquares == 0 && foundSquares == 0;
      double cosine = bothZero ? 1 : dot / Math.sqrt(expectedSquares * foundSquares);
      smallest = Math.min(smallest, cosine);
    }
    return smallest;
  }
}
