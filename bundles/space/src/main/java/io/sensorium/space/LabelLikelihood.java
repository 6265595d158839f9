package io.sensorium.space;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import java.util.Arrays;

/**
 * How the cosines between an item and its labels become probabilities. Immutable.
 *
 * @param temperature what cosines are divided by, in (0, 1]
 * @param independent whether each label has a probability of its own, as models trained with a
 *     sigmoid loss give it (Zhai et al., arXiv:2303.15343), or the labels share one
 * @param bias added to each label's logit; only where labels are independent
 */
record LabelLikelihood(double temperature, boolean independent, double bias) {
  private static final double DEFAULT_TEMPERATURE = 0.05;

  /**
   * Reads {@code temperature}, {@code probability} ({@code softmax} or {@code sigmoid}) and {@code
   * bias}.
   *
   * @throws ModelLoadException if a value makes no sense
   */
  static LabelLikelihood declaredBy(Settings calibration) {
    double temperature = calibration.decimal("temperature", DEFAULT_TEMPERATURE);
    if (!(temperature > 0 && temperature <= 1)) {
      throw new ModelLoadException(
          "a calibrated temperature must be in (0, 1]; got " + temperature);
    }
    String probability = calibration.text("probability", "softmax");
    double bias = calibration.decimal("bias", 0);
    return switch (probability) {
      case "softmax" -> new LabelLikelihood(temperature, false, 0);
      case "sigmoid" -> new LabelLikelihood(temperature, true, bias);
      default ->
          throw new ModelLoadException(
              "calibration.probability must be softmax or sigmoid; got '%s'"
                  .formatted(probability));
    };
  }

  /** The probability of each label. */
  double[] of(double[] cosines) {
    return independent
        ? Arrays.stream(cosines).map(c -> 1 / (1 + Math.exp(-(c / temperature + bias)))).toArray()
        : softmax(cosines);
  }

  private double[] softmax(double[] cosines) {
    double largest = Arrays.stream(cosines).max().orElseThrow();
    double[] shares =
        Arrays.stream(cosines).map(c -> Math.exp((c - largest) / temperature)).toArray();
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }
}
