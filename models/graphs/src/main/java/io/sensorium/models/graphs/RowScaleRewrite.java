package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.tensor.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives every row of a layer's input a scale of its own where an export takes one for the whole
 * tensor, and with it for everything that is in the batch. Weights, their scales and their zero
 * points stay as they are. Used once.
 *
 * <p>Recognised are the layers that ONNX Runtime's dynamic quantisation writes, {@code
 * DynamicQuantizeLinear}, {@code MatMulInteger}, {@code Cast} and {@code Mul}, and what ONNX
 * Runtime fuses them to: {@code MatMulIntegerToFloat} and {@code DynamicQuantizeMatMul}. They
 * become {@linkplain RowProducts products of rows}.
 */
final class RowScaleRewrite {
  /** What takes one scale, or one step of a state, for all that is in a tensor. */
  private static final Set<String> SCALED_TOGETHER =
      Set.of("DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM");

  private static final Set<Integer> BYTES =
      Set.of(OnnxTypes.code(ElementType.INT8), OnnxTypes.code(ElementType.UINT8));

  private final OnnxMl.ModelProto model;
  private final OnnxMl.GraphProto.Builder graph;
  private final NodeList nodes;
  private final RowProducts products;
  private final Map<String, OnnxMl.TensorProto> initializers = new HashMap<>();
  private final Map<String, OnnxMl.NodeProto> makers = new HashMap<>();
  private final Map<String, List<OnnxMl.NodeProto>> readers = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();
  private final Map<String, Layer> layers = new HashMap<>();
  private final Set<String> absorbed = new HashSet<>();

  /**
   * One layer.
   *
   * @param x its input
   * @param bias what is added to the product; an empty name for nothing
   */
  private record Layer(String x, RowProducts.Weight weight, String bias) {}

  /**
   * What became of a model.
   *
   * @param model the model, the same where there was nothing to do
   * @param layers how many layers have a scale a row now
   * @param left how many nodes take one scale for a whole tensor still
   */
  record Result(OnnxMl.ModelProto model, int layers, int left) {}

  private RowScaleRewrite(OnnxMl.ModelProto model, int operatorSet) {
    this.model = model;
    this.graph = model.getGraph().toBuilder().clearNode();
    this.nodes = new NodeList(graph);
    this.products = new RowProducts(nodes, operatorSet);
    OnnxMl.GraphProto whole = model.getGraph();
    whole.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
    whole.getOutputList().forEach(output -> outputs.add(output.getName()));
    for (OnnxMl.NodeProto node : whole.getNodeList()) {
      node.getOutputList().forEach(name -> makers.put(name, node));
      GraphPart.read(node)
          .forEach(name -> readers.computeIfAbsent(name, key -> new ArrayList<>()).add(node));
    }
  }

  /**
   * Rewrites what it recognises.
   *
   * @param model borrowed
   * @param operatorSet the version of ai.onnx's operators that it imports, at least 11
   */
  static Result apply(OnnxMl.ModelProto model, int operatorSet) {
    if (scaledTogether(model.getGraph().getNodeList()) == 0) {
      return new Result(model, 0, 0);
    }
    return new RowScaleRewrite(model, operatorSet).run();
  }

  private static int scaledTogether(List<OnnxMl.NodeProto> nodes) {
    return (int) nodes.stream().filter(n -> SCALED_TOGETHER.contains(n.getOpType())).count();
  }

  private Result run() {
    List<OnnxMl.NodeProto> original = model.getGraph().getNodeList();
    original.stream().filter(node -> node.getOutputCount() > 0).forEach(this::find);
    for (OnnxMl.NodeProto node : original) {
      String output = node.getOutputCount() == 0 ? "" : node.getOutput(0);
      if (layers.containsKey(output)) {
        write(layers.get(output), output);
      } else if (!absorbed.contains(output)) {
        graph.addNode(node);
      }
    }
    List<OnnxMl.NodeProto> kept = stillRead(graph.getNodeList());
    graph.clearNode().addAllNode(kept);
    return new Result(
        model.toBuilder().setGraph(graph).build(), layers.size(), scaledTogether(kept));
  }

  private void write(Layer layer, String output) {
    if (layer.bias().isEmpty()) {
      products.multiply(layer.x(), layer.weight(), output);
    } else {
      products.multiply(layer.x(), layer.weight(), output + "/product");
      nodes.add("", "Add", output, output + "/product", layer.bias());
    }
  }

  private void find(OnnxMl.NodeProto node) {
    switch (node.getOpType()) {
      case "MatMulInteger" -> findInFour(node);
      case "MatMulIntegerToFloat" -> findInTwo(node);
      case "DynamicQuantizeMatMul" ->
          weight(input(node, 1), input(node, 2), input(node, 3))
              .ifPresent(weight -> add(node, input(node, 0), weight, input(node, 4)));
      default -> {}
    }
  }

  private void add(OnnxMl.NodeProto last, String x, RowProducts.Weight weight, String bias) {
    layers.put(last.getOutput(0), new Layer(x, weight, bias));
  }

  private void findInFour(OnnxMl.NodeProto node) {
    Optional<OnnxMl.NodeProto> quantiser = quantiser(node, 2);
    Optional<OnnxMl.NodeProto> cast =
        onlyReader(node, "Cast")
            .filter(
                n ->
                    n.getAttributeCount() == 1
                        && n.getAttribute(0).getI() == OnnxTypes.code(ElementType.FLOAT32));
    Optional<OnnxMl.NodeProto> scaled = cast.flatMap(n -> onlyReader(n, "Mul"));
    if (quantiser.isEmpty() || scaled.isEmpty()) {
      return;
    }
    String scale = otherInput(scaled.get(), cast.get().getOutput(0));
    OnnxMl.NodeProto scales = makers.get(scale);
    if (scales == null || !scales.getOpType().equals("Mul")) {
      return;
    }
    String rowScale = quantiser.get().getOutput(1);
    if (!scales.getInputList().contains(rowScale)) {
      return;
    }
    weight(input(node, 1), otherInput(scales, rowScale), input(node, 3))
        .ifPresent(
            weight -> {
              absorbed.add(node.getOutput(0));
              absorbed.add(cast.get().getOutput(0));
              add(scaled.get(), quantiser.get().getInput(0), weight, "");
            });
  }

  private void findInTwo(OnnxMl.NodeProto node) {
    quantiser(node, 4)
        .filter(quantiser -> input(node, 2).equals(quantiser.getOutput(1)))
        .ifPresent(
            quantiser ->
                weight(input(node, 1), input(node, 3), input(node, 5))
                    .ifPresent(weight -> add(node, quantiser.getInput(0), weight, input(node, 6))));
  }

  /** What makes the bytes that a product reads first, if it makes their zero point as well. */
  private Optional<OnnxMl.NodeProto> quantiser(OnnxMl.NodeProto product, int zeroPoint) {
    return Optional.ofNullable(makers.get(input(product, 0)))
        .filter(node -> node.getOpType().equals("DynamicQuantizeLinear"))
        .filter(node -> node.getOutput(0).equals(input(product, 0)))
        .filter(node -> node.getOutputCount() == 3)
        .filter(node -> node.getOutput(2).equals(input(product, zeroPoint)));
  }

  /** A weight whose parts are all in the model, with one scale, or one a column. */
  private Optional<RowProducts.Weight> weight(String values, String scales, String zeroPoints) {
    OnnxMl.TensorProto matrix = initializers.get(values);
    boolean bytes =
        matrix != null && matrix.getDimsCount() == 2 && BYTES.contains(matrix.getDataType());
    if (!bytes || !isOneOrAColumn(scales, matrix.getDims(1))) {
      return Optional.empty();
    }
    return zeroPoints.isEmpty() || isOneOrAColumn(zeroPoints, matrix.getDims(1))
        ? Optional.of(new RowProducts.Weight(values, scales, zeroPoints))
        : Optional.empty();
  }

  private boolean isOneOrAColumn(String name, long columns) {
    OnnxMl.TensorProto tensor = initializers.get(name);
    return tensor != null
        && (tensor.getDimsCount() == 0
            || (tensor.getDimsCount() == 1
                && (tensor.getDims(0) == 1 || tensor.getDims(0) == columns)));
  }

  /** What reads a node's only output, if nothing else does. */
  private Optional<OnnxMl.NodeProto> onlyReader(OnnxMl.NodeProto node, String operator) {
    List<OnnxMl.NodeProto> reading = readers.getOrDefault(node.getOutput(0), List.of());
    return reading.size() == 1 && !outputs.contains(node.getOutput(0))
        ? Optional.of(reading.getFirst()).filter(n -> n.getOpType().equals(operator))
        : Optional.empty();
  }

  private static String otherInput(OnnxMl.NodeProto node, String one) {
    return node.getInput(0).equals(one) ? input(node, 1) : node.getInput(0);
  }

  private static String input(OnnxMl.NodeProto node, int index) {
    return index < node.getInputCount() ? node.getInput(index) : "";
  }

  /** Leaves out what nothing reads any more: first the scales, then what made them. */
  private List<OnnxMl.NodeProto> stillRead(List<OnnxMl.NodeProto> all) {
    List<OnnxMl.NodeProto> kept = all;
    for (int pass = 0; pass < 2; pass++) {
      Set<String> read = new HashSet<>(outputs);
      kept.forEach(node -> read.addAll(GraphPart.read(node)));
      kept =
          kept.stream()
              .filter(node -> node.getOutputList().stream().anyMatch(read::contains))
              .toList();
    }
    return kept;
  }
}
