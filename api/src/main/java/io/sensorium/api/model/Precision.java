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
   * Linear layers in int8, a quarter of the size. Made for CPUs. Encoders have a scale for every
   * output channel of the weights and for every row of the input, so that an item's result does not
   * depend on its batch; decoders, whose weights are read again for every token, have one for every
   * 128 weights. Other matrices are in float16.
   */
  INT8("int8"),

  /**
   * Linear layers in int4, with a scale for every 32 weights: about a sixth of the size. What a
   * decoder makes its logits of, and a table of tokens that is the same matrix, are in int8. Other
   * matrices are in float16.
   */
  INT4("int4");

  private final String label;

  Precision(String label) {
    this.label = label;
  }

  /** What users write, for instance {@code fp32}. */
  public String label() {
    return label;
  }

  /**
   * Reads {@code fp32}, {@code fp16}, {@code int8} or {@code int4}.
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
                    "the precision must be fp32, fp16, int8 or int4; got '" + label + "'"));
  }
}
