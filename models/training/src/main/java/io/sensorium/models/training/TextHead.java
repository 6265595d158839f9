package io.sensorium.models.training;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The trained part of the text tower: 384 to 512 with GELU, to 128, to unit length. Immutable; the
 * arrays are borrowed.
 */
@SuppressWarnings("ArrayRecordComponent") // weights are compared nowhere and copied for nobody
record TextHead(float[] firstWeight, float[] firstBias, float[] secondWeight, float[] secondBias) {
  static final int HIDDEN = 512;
  static final int WIDTH = 128;

  /** Fresh parameters in the order in which {@link TowerScript} expects them. */
  static List<Parameter> initialise(RandomGenerator random) {
    int input = MiniLmEncoder.WIDTH;
    return List.of(
        TowerParameters.normal(
            "text_head.0.weight", random, Math.sqrt(2.0 / (input + HIDDEN)), HIDDEN, input),
        Parameter.filled("text_head.0.bias", 0, HIDDEN),
        TowerParameters.normal(
            "text_head.1.weight", random, Math.sqrt(2.0 / (HIDDEN + WIDTH)), WIDTH, HIDDEN),
        Parameter.filled("text_head.1.bias", 0, WIDTH));
  }

  /** Projects rows of sentence embeddings into unit rows of the shared space. */
  float[] project(float[] sentences) {
    int rows = sentences.length / MiniLmEncoder.WIDTH;
    var output = new float[rows * WIDTH];
    var hidden = new float[HIDDEN];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < HIDDEN; i++) {
        float sum = Vectors.dot(sentences, row, firstWeight, i, MiniLmEncoder.WIDTH) + firstBias[i];
        hidden[i] = (float) (0.5 * sum * (1 + erf(sum / Math.sqrt(2))));
      }
      for (int i = 0; i < WIDTH; i++) {
        output[row * WIDTH + i] = Vectors.dot(hidden, 0, secondWeight, i, HIDDEN) + secondBias[i];
      }
      Vectors.normalise(output, row * WIDTH, WIDTH);
    }
    return output;
  }

  /** The error function to 1.5e-7: Abramowitz and Stegun, 7.1.26. */
  private static double erf(double x) {
    double t = 1 / (1 + 0.3275911 * Math.abs(x));
    double polynomial =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    return Math.signum(x) * (1 - polynomial * Math.exp(-x * x));
  }
}
