package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds products of rows {@code x [.., s, in]} with a weight of bytes: with {@code m} the largest
 * magnitude of each row, {@code m * (round(127 x / m) W) / 127 * scale}. Integers within 127 of
 * zero are shifted into uint8 for the fast product of unsigned by signed bytes. A row's result
 * depends on that row alone, whatever else is in the tensor. One thread at a time.
 */
final class RowProducts {
  private static final byte MIDDLE = (byte) 128;
  private static final float STEP = 1 / 127f;

  /** Keeps rows of zeros from dividing by zero; no trained activation is as small. */
  private static final float LEAST_MAGNITUDE = 1e-30f;

  /** From this set of operators on ReduceMax takes its axes as an input. */
  private static final int AXES_AS_INPUT = 18;

  private final NodeList nodes;
  private final int operatorSet;
  private final Map<String, Rows> rows = new HashMap<>();

  /** A sequence in int8: its integers, and the largest magnitude of each row. */
  private record Rows(String integers, String magnitudes) {}

  /**
   * The names of a weight's initializers.
   *
   * @param values int8 or uint8 {@code [in, out]}
   * @param scales float32, one or {@code [out]}
   * @param zeroPoints as the values, one or {@code [out]}; an empty name if they are zero
   */
  record Weight(String values, String scales, String zeroPoints) {}

  /**
   * Starts with no products.
   *
   * @param nodes takes the nodes
   * @param operatorSet the version of ai.onnx's operators, at least 11
   */
  RowProducts(NodeList nodes, int operatorSet) {
    this.nodes = nodes;
    this.operatorSet = operatorSet;
  }

  /** Multiplies; rows that several weights multiply are brought into int8 once. */
  void multiply(String x, Weight weight, String output) {
    Rows quantised = rows.computeIfAbsent(x, this::quantise);
    String product =
        nodes.add(
            GraphBuilder.MICROSOFT,
            "MatMulIntegerToFloat",
            output + "/integers",
            quantised.integers(),
            weight.values(),
            nodes.constant(STEP),
            weight.scales(),
            nodes.constant(MIDDLE),
            weight.zeroPoints());
    nodes.add("", "Mul", output, product, quantised.magnitudes());
  }

  private Rows quantise(String x) {
    String absolute = nodes.add("", "Abs", x + "/absolute", x);
    String largest = largest(absolute, x + "/largest");
    String magnitudes =
        nodes.add("", "Max", x + "/magnitudes", largest, nodes.constant(LEAST_MAGNITUDE));
    // One division a row: dividing every element takes half as long again as multiplying it.
    String inverse = nodes.add("", "Reciprocal", x + "/inverse", magnitudes);
    String unit = nodes.add("", "Mul", x + "/unit", x, inverse);
    String integers =
        nodes.add(
            "", "QuantizeLinear", x + "/int8", unit, nodes.constant(STEP), nodes.constant(MIDDLE));
    return new Rows(integers, magnitudes);
  }

  private String largest(String x, String output) {
    if (operatorSet >= AXES_AS_INPUT) {
      return nodes.add("", "ReduceMax", output, x, nodes.lastAxis());
    }
    OnnxMl.AttributeProto lastAxis =
        OnnxMl.AttributeProto.newBuilder()
            .setName("axes")
            .setType(OnnxMl.AttributeProto.AttributeType.INTS)
            .addInts(-1)
            .build();
    return nodes.add("ReduceMax", lastAxis, output, x);
  }
}
