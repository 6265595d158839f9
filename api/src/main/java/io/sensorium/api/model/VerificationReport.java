package io.sensorium.api.model;

import java.util.List;

/**
 * How a model's outputs compare with recorded ones.
 *
 * @param model the package's id
 * @param passed whether something was compared and every comparison is within tolerance; of a
 *     low-rank adapter, which gives no outputs by itself, whether its files are whole
 * @param outputs one entry an output compared
 * @param skipped recorded outputs that the package does not produce
 */
public record VerificationReport(
    String model, boolean passed, List<OutputComparison> outputs, List<String> skipped) {
  public VerificationReport {
    outputs = List.copyOf(outputs);
    skipped = List.copyOf(skipped);
  }

  /**
   * One output's distance from its recording.
   *
   * @param name the output
   * @param maxAbs the largest absolute difference
   * @param meanAbs the mean absolute difference
   * @param cosine the smallest cosine over the rows
   */
  public record OutputComparison(String name, double maxAbs, double meanAbs, double cosine) {}
}
