package io.sensorium.models.graphs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calibration that image-text models bring along: how their cosines become probabilities, and
 * the sentence that they were shown labels in.
 */
final class ZeroShot {
  private static final String SCALE = "logit_scale";
  private static final String BIAS = "logit_bias";

  private ZeroShot() {}

  /**
   * The softmax of cosines times {@code exp(logit_scale)}, or, where the checkpoint has a {@code
   * logit_bias}, every cosine's own sigmoid (Zhai et al., arXiv:2303.15343).
   *
   * @param prompt with {@code {}} for the label
   * @return empty if the checkpoint has no scale
   */
  static Map<String, Object> calibration(Weights weights, String prompt) {
    if (!weights.has(SCALE)) {
      return Map.of();
    }
    Map<String, Object> calibration = new LinkedHashMap<>();
    calibration.put("temperature", Math.exp(-weights.number(SCALE)));
    calibration.put("prompts", List.of(prompt));
    if (weights.has(BIAS)) {
      calibration.put("bias", weights.number(BIAS));
      calibration.put("probability", "sigmoid");
    }
    return calibration;
  }
}
