package io.sensorium.api.model;

import java.util.Arrays;

/** How the weights of an imported model are stored, and what its linear layers compute in. */
public enum Precision {
  /**
   * As published: float32 and float16 weights stay where they are, bfloat16 is widened once. All
   * arithmetic is float32.
   */
  FLOAT32("fp32"),

  /**
   * Matrices in float16, half the size. Linear layers multiply in float16 where the device can; on
   * a CPU they compute in float32 on the rounded weights.
   */
  FLOAT16("fp16"),

  /**
   * Linear layers in int8, a quarter of the size: every output channel of the weights and every row
   * of the input has a scale of its own, so that an item's result does not depend on its batch.
   * Other matrices are in float16. Made for CPUs.
   */
  INT8("int8");

  private final String label;

  Precision(String label) {
    this.label = label;
  }

  /** What users write, for instance {@code fp32}. */
  public String label() {
    return label;
  }

  /**
   * Reads {@code fp32}, {@code fp16} or {@code int8}.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static Precision parse(String label) {
    return Arrays.stream(values())
        .filter(precision -> precision.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the precision must be fp32, fp16 or int8; got '" + label + "'"));
  }
}
