package io.sensorium.models.training;

/**
 * Fits the factor on cosines with which a softmax over classes gives honest probabilities: least
 * negative log likelihood on a validation set (Guo et al. 2017).
 */
final class Calibration {
  private static final double SMALLEST = Math.log(1);
  private static final double LARGEST = Math.log(500);
  private static final int STEPS = 60;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private Calibration() {}

  /**
   * The best factor between 1 and 500.
   *
   * @param queries unit rows
   * @param classes unit rows
   * @param truth the right class of every query
   */
  static double fit(float[] queries, float[] classes, int[] truth) {
    double low = SMALLEST;
    double high = LARGEST;
    for (int step = 0; step < STEPS; step++) {
      double span = GOLDEN * (high - low);
      double left = high - span;
      double right = low + span;
      if (loss(queries, classes, truth, Math.exp(left))
          < loss(queries, classes, truth, Math.exp(right))) {
        high = right;
      } else {
        low = left;
      }
    }
    return Math.exp((low + high) / 2);
  }

  /** The mean negative log likelihood, in nats. */
  static double loss(float[] queries, float[] classes, int[] truth, double factor) {
    int width = TextHead.WIDTH;
    int count = classes.length / width;
    double total = 0;
    for (int query = 0; query < truth.length; query++) {
      double right = factor * Vectors.dot(queries, query, classes, truth[query], width);
      double sum = 0;
      for (int row = 0; row < count; row++) {
        sum += Math.exp(factor * Vectors.dot(queries, query, classes, row, width) - right);
      }
      total += Math.log(sum);
    }
    return total / truth.length;
  }
}
