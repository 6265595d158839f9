package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Layers of dynamically quantised exports, against the formula in plain Java. */
class RowScaleRewriteTest {
  private static final int IN = 37;
  private static final int OUT = 11;
  private static final int TOKENS = 5;
  private static final long SEED = 20261121;

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private final byte[] weight = new byte[IN * OUT];
  private final float[] scales = new float[OUT];
  private final float[] bias = new float[OUT];
  private byte zeroPoint;

  /** How a layer is written. */
  enum Form {
    FOUR_NODES,
    FOUR_NODES_UNSIGNED,
    TWO_NODES,
    ONE_NODE,
    ONE_NODE_UNSIGNED;

    boolean isSigned() {
      return !name().endsWith("UNSIGNED");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLayerComputesWhatTheFormulaSays(Form form) throws IOException, OrtException {
    OnnxMl.ModelProto export = export(form);
    RowScaleRewrite.Result result = RowScaleRewrite.apply(export, GraphBuilder.OPERATOR_SET);
    assertThat(result.layers()).isEqualTo(1);
    assertThat(result.left()).isZero();
    Tensor x = loudAndQuiet();
    Tensor expected = byHand(x, form.isSigned());
    Difference difference = Difference.between(run(result.model(), x), expected);
    assertThat(difference.maxAbs() / difference.scale()).as("seed %d", SEED).isLessThan(1e-6);
  }

  /** The quiet item is one that a scale for the whole batch leaves next to nothing of. */
  @ParameterizedTest
  @EnumSource
  void anItemIsTheSameInEveryBatchAndWasNot(Form form) throws IOException, OrtException {
    OnnxMl.ModelProto export = export(form);
    OnnxMl.ModelProto rewritten = RowScaleRewrite.apply(export, GraphBuilder.OPERATOR_SET).model();
    Tensor x = loudAndQuiet();
    Tensor together = run(rewritten, x);
    for (int item = 0; item < 2; item++) {
      Tensor alone = run(rewritten, x.row(item));
      assertThat(Difference.between(alone, together.row(item)).maxAbs()).isZero();
    }
    Tensor quiet = byHand(x, form.isSigned()).row(1);
    assertThat(Difference.between(together.row(1), quiet).cosine()).isGreaterThan(0.9999);
    assertThat(Difference.between(run(export, x).row(1), quiet).cosine())
        .as("as it was exported")
        .isLessThan(0.999);
  }

  @ParameterizedTest
  @EnumSource
  void integersScalesAndZeroPointsStay(Form form) throws IOException {
    OnnxMl.ModelProto export = export(form);
    OnnxMl.ModelProto rewritten = RowScaleRewrite.apply(export, GraphBuilder.OPERATOR_SET).model();
    assertThat(rewritten.getGraph().getInitializerList())
        .containsAll(export.getGraph().getInitializerList());
    OnnxMl.NodeProto product =
        rewritten.getGraph().getNodeList().stream()
            .filter(node -> node.getOpType().equals("MatMulIntegerToFloat"))
            .findFirst()
            .orElseThrow();
    assertThat(List.of(product.getInput(1), product.getInput(3), product.getInput(5)))
        .containsExactly("weight", "scales", "zero");
  }

  @Test
  void layersOfOneInputShareItsIntegers() throws IOException, OrtException {
    GraphBuilder graph = new GraphBuilder("two layers");
    Value x = input(graph);
    Quantised quantised = quantise(graph, x);
    fillWeights(graph, true);
    Value first = fourNodes(graph, quantised, "first");
    Value second = fourNodes(graph, quantised, "second");
    graph.output("y", new Operators(graph).add("both", first, second));
    RowScaleRewrite.Result result = RowScaleRewrite.apply(graph.build(), GraphBuilder.OPERATOR_SET);
    assertThat(result.layers()).isEqualTo(2);
    assertThat(result.model().getGraph().getNodeList())
        .extracting(OnnxMl.NodeProto::getOpType)
        .containsOnlyOnce("QuantizeLinear")
        .doesNotContain("DynamicQuantizeLinear", "Cast");
    float[] doubled = new float[OUT * TOKENS * 2];
    Tensor items = loudAndQuiet();
    Tensor one = byHand(items, true);
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] = 2 * (one.asFloats().get(i) - bias[i % OUT]);
    }
    Tensor expected = Tensor.ofFloats(one.shape(), doubled);
    Difference difference = Difference.between(run(result.model(), items), expected);
    assertThat(difference.maxAbs() / difference.scale()).isLessThan(1e-6);
  }

  @Test
  void whatElseReadsTheIntegersKeepsThemAndIsCounted() throws IOException {
    GraphBuilder graph = new GraphBuilder("integers are read twice");
    Quantised quantised = quantise(graph, input(graph));
    fillWeights(graph, true);
    graph.output("y", fourNodes(graph, quantised, "layer"));
    graph.output(
        "more", new Operators(graph).cast("more", quantised.integers(), ElementType.FLOAT32));
    RowScaleRewrite.Result result = RowScaleRewrite.apply(graph.build(), GraphBuilder.OPERATOR_SET);
    assertThat(result.layers()).isEqualTo(1);
    assertThat(result.left()).isEqualTo(1);
  }

  @Test
  void aProductOfTwoComputedMatricesIsLeftAloneAndCounted() {
    GraphBuilder graph = new GraphBuilder("attention");
    Quantised left = quantise(graph, input(graph));
    Value right = graph.input("right", ElementType.INT8, -1, IN, OUT);
    Value product =
        graph
            .node("MatMulInteger")
            .in(left.integers(), right, left.zeroPoint())
            .out("scores", ElementType.INT32, Shape.of(-1, -1, OUT));
    graph.output("y", new Operators(graph).cast("scores", product, ElementType.FLOAT32));
    OnnxMl.ModelProto export = graph.build();
    RowScaleRewrite.Result result = RowScaleRewrite.apply(export, GraphBuilder.OPERATOR_SET);
    assertThat(result.layers()).isZero();
    assertThat(result.left()).isEqualTo(1);
    assertThat(result.model().getGraph().getNodeList()).isEqualTo(export.getGraph().getNodeList());
  }

  /** What quantising gives. */
  private record Quantised(Value integers, Value scale, Value zeroPoint) {}

  private OnnxMl.ModelProto export(Form form) {
    GraphBuilder graph = new GraphBuilder(form.name());
    Value x = input(graph);
    fillWeights(graph, form.isSigned());
    Value y =
        switch (form) {
          case FOUR_NODES, FOUR_NODES_UNSIGNED ->
              new Operators(graph)
                  .add("bias", fourNodes(graph, quantise(graph, x), "layer"), bias(graph));
          case TWO_NODES -> twoNodes(graph, quantise(graph, x));
          case ONE_NODE, ONE_NODE_UNSIGNED ->
              graph
                  .node(GraphBuilder.MICROSOFT, "DynamicQuantizeMatMul")
                  .in(x, value("weight", form.isSigned()), scalesValue(), zero(), bias(graph))
                  .out("layer", ElementType.FLOAT32, Shape.of(-1, -1, OUT));
        };
    graph.output("y", y);
    return graph.build();
  }

  private static Value input(GraphBuilder graph) {
    return graph.input("x", ElementType.FLOAT32, -1, -1, IN);
  }

  private Value value(String name, boolean signed) {
    return new Value(name, signed ? ElementType.INT8 : ElementType.UINT8, Shape.of(IN, OUT));
  }

  private static Value scalesValue() {
    return new Value("scales", ElementType.FLOAT32, Shape.of(OUT));
  }

  private static Value zero() {
    return new Value("zero", ElementType.UINT8, Shape.of());
  }

  private Value bias(GraphBuilder graph) {
    return graph.constant("bias", Tensor.ofFloats(Shape.of(OUT), bias));
  }

  private void fillWeights(GraphBuilder graph, boolean signed) {
    random.setSeed(SEED);
    ElementType type = signed ? ElementType.INT8 : ElementType.UINT8;
    for (int i = 0; i < weight.length; i++) {
      // Seven bits: nothing saturates on processors without VNNI.
      weight[i] = (byte) (random.nextInt(128) - (signed ? 64 : 0));
    }
    for (int i = 0; i < OUT; i++) {
      scales[i] = 0.01f + 0.01f * random.nextFloat();
      bias[i] = (float) random.nextGaussian();
    }
    zeroPoint = (byte) (signed ? 0 : 61);
    graph.constant("weight", bytes(type, Shape.of(IN, OUT), weight));
    graph.constant("zero", bytes(type, Shape.of(), zeroPoint));
    graph.constant("scales", Tensor.ofFloats(Shape.of(OUT), scales));
  }

  private static Tensor bytes(ElementType type, Shape shape, byte... values) {
    Tensor tensor = Tensor.allocate(type, shape);
    MemorySegment.copy(values, 0, tensor.data(), ValueLayout.JAVA_BYTE, 0, values.length);
    return tensor;
  }

  private static Quantised quantise(GraphBuilder graph, Value x) {
    Value scale = new Value("quantised/scale", ElementType.FLOAT32, Shape.of());
    Value zero = new Value("quantised/zero", ElementType.UINT8, Shape.of());
    Value integers =
        graph
            .node("DynamicQuantizeLinear")
            .in(x)
            .out("quantised", ElementType.UINT8, x.shape(), scale, zero);
    return new Quantised(integers, scale, zero);
  }

  private Value fourNodes(GraphBuilder graph, Quantised x, String layer) {
    Shape shape = Shape.of(-1, -1, OUT);
    Operators operators = new Operators(graph);
    Value scale = operators.multiply(layer + "/scales", x.scale(), scalesValue());
    Value product =
        graph
            .node("MatMulInteger")
            .in(x.integers(), value("weight", true), x.zeroPoint(), zero())
            .out(layer, ElementType.INT32, shape);
    return operators.multiply(layer, operators.cast(layer, product, ElementType.FLOAT32), scale);
  }

  private Value twoNodes(GraphBuilder graph, Quantised x) {
    return graph
        .node(GraphBuilder.MICROSOFT, "MatMulIntegerToFloat")
        .in(x.integers(), value("weight", true), x.scale(), scalesValue(), x.zeroPoint(), zero())
        .in(bias(graph))
        .out("layer", ElementType.FLOAT32, Shape.of(-1, -1, OUT));
  }

  /** Two items, one 50 times as loud as the other; in the loud one every token has its size. */
  private Tensor loudAndQuiet() {
    float[] values = new float[2 * TOKENS * IN];
    for (int i = 0; i < values.length; i++) {
      int token = i / IN;
      values[i] = (float) random.nextGaussian() * (token < TOKENS ? 50 - 7 * token : 0.5f);
    }
    return Tensor.ofFloats(Shape.of(2, TOKENS, IN), values);
  }

  private Tensor byHand(Tensor x, boolean signed) {
    float[] y = new float[2 * TOKENS * OUT];
    for (int row = 0; row < 2 * TOKENS; row++) {
      float largest = 0;
      for (int i = 0; i < IN; i++) {
        largest = Math.max(largest, Math.abs(x.asFloats().get(row * IN + i)));
      }
      for (int out = 0; out < OUT; out++) {
        long sum = 0;
        for (int i = 0; i < IN; i++) {
          // As the graph rounds it: a tie may fall otherwise in double precision.
          float unit = x.asFloats().get(row * IN + i) * (1 / largest);
          long integer = (long) Math.rint(unit / (1 / 127f));
          int stored = weight[i * OUT + out];
          sum += integer * ((signed ? stored : stored & 0xFF) - zeroPoint);
        }
        y[row * OUT + out] = (float) (largest / 127.0 * sum * scales[out] + bias[out]);
      }
    }
    return Tensor.ofFloats(Shape.of(2, TOKENS, OUT), y);
  }

  private Tensor run(OnnxMl.ModelProto model, Tensor x) throws IOException, OrtException {
    Path file = Files.createTempFile(folder, "model", ".onnx");
    Files.write(file, model.toByteArray());
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("x", x);
    try (OnnxRun run = OnnxRun.open(file)) {
      return run.run(inputs).get("y");
    }
  }
}
