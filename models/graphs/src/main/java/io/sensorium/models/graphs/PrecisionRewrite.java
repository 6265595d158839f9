package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.StoredTensor;
import io.sensorium.models.checkpoints.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Rewrites the nodes of one graph that read weights. One thread at a time.
 *
 * <p>In int8 a linear layer over tokens {@code x [n, s, in]} becomes, with {@code m} the largest
 * magnitude of each row, {@code m * (round(127 x / m) W8) / 127 * scale}: integers within 127 of
 * zero, shifted into uint8 for the fast product of unsigned by signed bytes. Layers over pooled
 * rows {@code [n, in]} stay in floating point: they cost nothing and decide the result. In float16
 * every linear layer multiplies halves and hands on float32. Sums, norms and attention stay in
 * float32.
 */
final class PrecisionRewrite {
  private static final int TOKENS_RANK = 3;
  private static final int MIDDLE = 128;
  private static final float STEP = 1 / 127f;

  /** Keeps rows of zeros from dividing by zero; no trained activation is as small. */
  private static final float LEAST_MAGNITUDE = 1e-30f;

  private final AuthoredGraph original;
  private final Precision precision;
  private final ConvertedWeights converted;
  private final OnnxMl.ModelProto.Builder model;
  private final OnnxMl.GraphProto.Builder graph;
  private final Map<String, String> castWeights = new HashMap<>();
  private final Map<String, Value> references = new LinkedHashMap<>();
  private final Map<String, String> widened = new HashMap<>();
  private final Map<String, Rows> rows = new HashMap<>();
  private final Map<String, String> halves = new HashMap<>();

  /** A sequence in int8: its integers, and the largest magnitude of each row. */
  private record Rows(String integers, String magnitudes) {}

  PrecisionRewrite(AuthoredGraph original, Precision precision, ConvertedWeights converted) {
    this.original = original;
    this.precision = precision;
    this.converted = converted;
    this.model = original.authored().toBuilder();
    this.graph = model.getGraphBuilder();
  }

  void run() {
    graph.clearNode().clearInitializer();
    original.authored().getGraph().getInitializerList().stream()
        .filter(tensor -> !original.weights().containsKey(tensor.getName()))
        .forEach(graph::addInitializer);
    original.authored().getGraph().getNodeList().forEach(this::rewrite);
  }

  /** The graph, referring to the weights where they will be. */
  AuthoredGraph finish(Map<String, TensorInfo> layout) {
    references.forEach(
        (name, value) ->
            graph.addInitializer(
                GraphBuilder.external(value, ConvertedWeights.FILE_NAME, layout.get(name))));
    return original.withConverted(model.build());
  }

  private void rewrite(OnnxMl.NodeProto node) {
    if (node.getOpType().equals("Cast") && weight(node.getInput(0)).isPresent()) {
      castWeights.put(node.getOutput(0), node.getInput(0));
    } else if (node.getOpType().equals("FusedMatMul") && isMatrix(node.getInput(1))) {
      rewriteLinear(node);
    } else if (node.getOpType().equals("Gather") && isMatrix(node.getInput(0))) {
      rewriteLookUp(node);
    } else {
      graph.addNode(withFloatWeights(node));
    }
  }

  private void rewriteLinear(OnnxMl.NodeProto node) {
    Value x = original.values().get(node.getInput(0));
    boolean overTokens = x != null && x.shape().rank() >= TOKENS_RANK;
    if (precision == Precision.INT8 && overTokens) {
      quantise(node);
    } else if (precision == Precision.FLOAT16) {
      halve(node);
    } else {
      graph.addNode(withFloatWeights(node));
    }
  }

  private void quantise(OnnxMl.NodeProto node) {
    String name = node.getOutput(0);
    String weight = weight(node.getInput(1)).orElseThrow();
    QuantisedLinear.Initializers linear =
        converted.addQuantised(weight, original.weights().get(weight));
    references.put(linear.values().name(), linear.values());
    references.put(linear.scales().name(), linear.scales());
    Rows x = rows.computeIfAbsent(node.getInput(0), this::quantiseRows);
    String product =
        add(
            GraphBuilder.MICROSOFT,
            "MatMulIntegerToFloat",
            name + "/integers",
            x.integers(),
            linear.values().name(),
            constant(STEP),
            linear.scales().name(),
            middle());
    add("", "Mul", name, product, x.magnitudes());
  }

  private Rows quantiseRows(String x) {
    String absolute = add("", "Abs", x + "/absolute", x);
    String largest = add("", "ReduceMax", x + "/largest", absolute, lastAxis());
    String magnitudes = add("", "Max", x + "/magnitudes", largest, constant(LEAST_MAGNITUDE));
    String unit = add("", "Div", x + "/unit", x, magnitudes);
    String integers = add("", "QuantizeLinear", x + "/int8", unit, constant(STEP), middle());
    return new Rows(integers, magnitudes);
  }

  private void halve(OnnxMl.NodeProto node) {
    String name = node.getOutput(0);
    String weight = reference(weight(node.getInput(1)).orElseThrow());
    String half =
        halves.computeIfAbsent(node.getInput(0), x -> cast(x, x + "/float16", ElementType.FLOAT16));
    OnnxMl.NodeProto.Builder product =
        node.toBuilder()
            .setName(name + "/half")
            .setInput(0, half)
            .setInput(1, weight)
            .setOutput(0, name + "/half");
    graph.addNode(product);
    cast(name + "/half", name, ElementType.FLOAT32);
  }

  /** Looks rows up as they are stored, and widens no others. */
  private void rewriteLookUp(OnnxMl.NodeProto node) {
    String table = weight(node.getInput(0)).orElseThrow();
    String stored = reference(table);
    if (references.get(stored).type() == ElementType.FLOAT32) {
      graph.addNode(node.toBuilder().setInput(0, stored));
      return;
    }
    String name = node.getOutput(0);
    graph.addNode(
        node.toBuilder().setName(name + "/half").setInput(0, stored).setOutput(0, name + "/half"));
    cast(name + "/half", name, ElementType.FLOAT32);
  }

  private OnnxMl.NodeProto withFloatWeights(OnnxMl.NodeProto node) {
    OnnxMl.NodeProto.Builder changed = node.toBuilder();
    for (int i = 0; i < node.getInputCount(); i++) {
      Optional<String> weight = weight(node.getInput(i));
      if (weight.isPresent()) {
        changed.setInput(i, widened.computeIfAbsent(weight.get(), this::asFloat));
      }
    }
    return changed.build();
  }

  private String asFloat(String weight) {
    String stored = reference(weight);
    return references.get(stored).type() == ElementType.FLOAT32
        ? stored
        : cast(stored, stored + "/float32", ElementType.FLOAT32);
  }

  /** Refers to a weight in the float type that it has in this precision. */
  private String reference(String weight) {
    StoredTensor stored = original.weights().get(weight);
    boolean matrix = stored.info().shape().rank() > 1;
    ElementType type =
        precision != Precision.FLOAT32 && matrix ? ElementType.FLOAT16 : ElementType.FLOAT32;
    Value value = converted.addFloat(weight, stored, type);
    references.put(value.name(), value);
    return value.name();
  }

  /** The weight behind a value, which may be one that is cast to float32. */
  private Optional<String> weight(String value) {
    String behind = castWeights.getOrDefault(value, value);
    return original.weights().containsKey(behind) ? Optional.of(behind) : Optional.empty();
  }

  private boolean isMatrix(String value) {
    return weight(value)
        .filter(w -> original.weights().get(w).info().shape().rank() == 2)
        .isPresent();
  }

  private String add(String domain, String operator, String output, String... inputs) {
    OnnxMl.NodeProto.Builder node =
        OnnxMl.NodeProto.newBuilder()
            .setDomain(domain)
            .setOpType(operator)
            .setName(output)
            .addOutput(output);
    for (String input : inputs) {
      node.addInput(input);
    }
    graph.addNode(node);
    return output;
  }

  private String cast(String input, String output, ElementType type) {
    graph.addNode(
        OnnxMl.NodeProto.newBuilder()
            .setOpType("Cast")
            .setName(output)
            .addInput(input)
            .addOutput(output)
            .addAttribute(
                OnnxMl.AttributeProto.newBuilder()
                    .setName("to")
                    .setType(OnnxMl.AttributeProto.AttributeType.INT)
                    .setI(OnnxTypes.code(type))));
    return output;
  }

  private String constant(float value) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return constant(
        "int8 float " + value, ElementType.FLOAT32, Shape.of(), bytes.putFloat(value).array());
  }

  private String middle() {
    return constant("int8 middle", ElementType.UINT8, Shape.of(), new byte[] {(byte) MIDDLE});
  }

  private String lastAxis() {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return constant("int8 axis", ElementType.INT64, Shape.of(1), bytes.putLong(-1).array());
  }

  private String constant(String name, ElementType type, Shape shape, byte[] bytes) {
    boolean there =
        graph.getInitializerList().stream().anyMatch(tensor -> tensor.getName().equals(name));
    if (!there) {
      graph.addInitializer(
          GraphBuilder.tensor(new Value(name, type, shape)).setRawData(ByteString.copyFrom(bytes)));
    }
    return name;
  }
}
