package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.StoredTensor;
import io.sensorium.models.checkpoints.TensorInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rewrites the nodes of one graph that read weights. One thread at a time.
 *
 * <p>In int8 a linear layer over tokens {@code [n, s, in]} becomes {@linkplain RowProducts a
 * product of bytes} with a scale a row. Layers over pooled rows {@code [n, in]} stay in floating
 * point: they cost nothing and decide the result. Decoders in int8, and all models in int4, have
 * {@linkplain BlockFormat blocks} instead, which MatMulNBits multiplies by rows in int8 that have
 * blocks of their own; a table of tokens that is multiplied as well is looked up in the same bytes.
 * In float16 every linear layer multiplies halves and hands on float32. Sums, norms and attention
 * stay in float32.
 */
final class PrecisionRewrite {
  private static final int TOKENS_RANK = 3;

  /** Of MatMulNBits: the input in int8. Its kernels in float32 take 2 to 60 times as long. */
  private static final long INT8_INPUT = 4;

  private final AuthoredGraph original;
  private final Precision precision;
  private final ConvertedWeights converted;
  private final OnnxMl.ModelProto.Builder model;
  private final OnnxMl.GraphProto.Builder graph;
  private final NodeList nodes;
  private final RowProducts rowProducts;
  private final Map<String, String> castWeights = new HashMap<>();
  private final Map<String, Value> references = new LinkedHashMap<>();
  private final Map<String, String> otherShapes = new HashMap<>();
  private final Map<String, BlockFormat> formats = new HashMap<>();
  private final Map<String, List<OnnxMl.NodeProto>> groups = new HashMap<>();
  private final Map<String, List<OnnxMl.NodeProto>> groupOf = new HashMap<>();
  private final Map<String, String> widened = new HashMap<>();
  private final Map<String, String> halves = new HashMap<>();

  PrecisionRewrite(AuthoredGraph original, Precision precision, ConvertedWeights converted) {
    this.original = original;
    this.precision = precision;
    this.converted = converted;
    this.model = original.authored().toBuilder();
    this.graph = model.getGraphBuilder();
    this.nodes = new NodeList(graph);
    this.rowProducts = new RowProducts(nodes, GraphBuilder.OPERATOR_SET);
  }

  void run() {
    graph.clearNode().clearInitializer();
    original.authored().getGraph().getInitializerList().stream()
        .filter(tensor -> !original.weights().containsKey(tensor.getName()))
        .forEach(graph::addInitializer);
    List<OnnxMl.NodeProto> authored = original.authored().getGraph().getNodeList();
    authored.forEach(this::findFormat);
    authored.forEach(this::rewrite);
  }

  /** The graph, referring to the weights where they will be. */
  AuthoredGraph finish(Map<String, TensorInfo> layout) {
    references.forEach(
        (name, value) ->
            graph.addInitializer(
                GraphBuilder.external(
                    value,
                    ConvertedWeights.FILE_NAME,
                    layout.get(otherShapes.getOrDefault(name, name)))));
    return original.withConverted(model.build());
  }

  /** A table of tokens is looked up before the layer that decides in which form it is stored. */
  private void findFormat(OnnxMl.NodeProto node) {
    if (node.getOpType().equals("Cast") && weight(node.getInput(0)).isPresent()) {
      castWeights.put(node.getOutput(0), node.getInput(0));
    } else if (isLinearOverTokens(node)) {
      String weight = weight(node.getInput(1)).orElseThrow();
      long columns = shape(weight).dimension(1);
      BlockFormat.of(precision, original.isDecoder(), node.getName(), columns)
          .ifPresent(format -> addToGroup(node, weight, format));
    }
  }

  /** Layers that read one input are multiplied in one product, whose weights lie together. */
  private void addToGroup(OnnxMl.NodeProto node, String weight, BlockFormat format) {
    formats.put(weight, format);
    List<OnnxMl.NodeProto> group =
        groups.computeIfAbsent(node.getInput(0) + " " + format, key -> new ArrayList<>());
    group.add(node);
    groupOf.put(node.getOutput(0), group);
  }

  private boolean isLinearOverTokens(OnnxMl.NodeProto node) {
    if (!node.getOpType().equals("FusedMatMul") || !isMatrix(node.getInput(1))) {
      return false;
    }
    Value x = original.values().get(node.getInput(0));
    return x != null && x.shape().rank() >= TOKENS_RANK;
  }

  private void rewrite(OnnxMl.NodeProto node) {
    if (castWeights.containsKey(node.getOutput(0))) {
      return;
    }
    if (node.getOpType().equals("FusedMatMul") && isMatrix(node.getInput(1))) {
      rewriteLinear(node);
    } else if (node.getOpType().equals("Gather") && isMatrix(node.getInput(0))) {
      rewriteLookUp(node);
    } else {
      graph.addNode(withFloatWeights(node));
    }
  }

  private void rewriteLinear(OnnxMl.NodeProto node) {
    if (formats.containsKey(weight(node.getInput(1)).orElseThrow())) {
      multiplyBlocks(node);
    } else if (precision == Precision.INT8 && isLinearOverTokens(node)) {
      quantise(node);
    } else if (precision == Precision.FLOAT16) {
      halve(node);
    } else {
      graph.addNode(withFloatWeights(node));
    }
  }

  private void multiplyBlocks(OnnxMl.NodeProto node) {
    List<OnnxMl.NodeProto> group = groupOf.get(node.getOutput(0));
    if (!node.equals(group.getFirst())) {
      return;
    }
    List<String> weights =
        group.stream().map(each -> weight(each.getInput(1)).orElseThrow()).toList();
    List<Long> widths = weights.stream().map(weight -> shape(weight).dimension(0)).toList();
    BlockFormat format = formats.get(weights.getFirst());
    QuantisedLinear.Initializers blocks = referToBlocks(weights);
    String output = node.getOutput(0) + (group.size() == 1 ? "" : "/together");
    nodes.add(
        GraphBuilder.MICROSOFT,
        "MatMulNBits",
        Map.of(
            "K",
            shape(weights.getFirst()).dimension(1),
            "N",
            widths.stream().mapToLong(Long::longValue).sum(),
            "bits",
            (long) format.bits(),
            "block_size",
            (long) format.block(),
            "accuracy_level",
            INT8_INPUT),
        output,
        node.getInput(0),
        blocks.values().name(),
        blocks.scales().name());
    if (group.size() > 1) {
      nodes.split(output, group.stream().map(each -> each.getOutput(0)).toList(), widths);
    }
  }

  private QuantisedLinear.Initializers referToBlocks(List<String> weights) {
    List<StoredTensor> stored = weights.stream().map(original.weights()::get).toList();
    QuantisedLinear.Initializers blocks =
        converted.addBlocks(String.join("+", weights), stored, formats.get(weights.getFirst()));
    references.put(blocks.values().name(), blocks.values());
    references.put(blocks.scales().name(), blocks.scales());
    return blocks;
  }

  /** Looks rows up in the bytes that a layer multiplies. */
  private void lookUpBlocks(OnnxMl.NodeProto node, String table) {
    BlockFormat format = formats.get(table);
    QuantisedLinear.Initializers blocks = referToBlocks(List.of(table));
    String flat = blocks.values().name() + "/rows";
    otherShapes.put(flat, blocks.values().name());
    Shape rows = format.flatValues(shape(table).dimension(0), shape(table).dimension(1));
    references.put(flat, new Value(flat, blocks.values().type(), rows));
    nodes.add(
        GraphBuilder.MICROSOFT,
        "GatherBlockQuantized",
        Map.of(
            "bits",
            (long) format.bits(),
            "block_size",
            (long) format.block(),
            "gather_axis",
            0L,
            "quantize_axis",
            1L),
        node.getOutput(0),
        flat,
        node.getInput(1),
        blocks.scales().name());
  }

  private void quantise(OnnxMl.NodeProto node) {
    String weight = weight(node.getInput(1)).orElseThrow();
    QuantisedLinear.Initializers linear =
        converted.addQuantised(weight, original.weights().get(weight));
    references.put(linear.values().name(), linear.values());
    references.put(linear.scales().name(), linear.scales());
    rowProducts.multiply(
        node.getInput(0),
        new RowProducts.Weight(linear.values().name(), linear.scales().name(), ""),
        node.getOutput(0));
  }

  private void halve(OnnxMl.NodeProto node) {
    String name = node.getOutput(0);
    String weight = reference(weight(node.getInput(1)).orElseThrow());
    String half =
        halves.computeIfAbsent(
            node.getInput(0), x -> nodes.cast(x, x + "/float16", ElementType.FLOAT16));
    OnnxMl.NodeProto.Builder product =
        node.toBuilder()
            .setName(name + "/half")
            .setInput(0, half)
            .setInput(1, weight)
            .setOutput(0, name + "/half");
    graph.addNode(product);
    nodes.cast(name + "/half", name, ElementType.FLOAT32);
  }

  /** Looks rows up as they are stored, and widens no others. */
  private void rewriteLookUp(OnnxMl.NodeProto node) {
    String table = weight(node.getInput(0)).orElseThrow();
    if (formats.containsKey(table) && formats.get(table).isEven(shape(table).dimension(1))) {
      lookUpBlocks(node, table);
      return;
    }
    String stored = reference(table);
    if (references.get(stored).type() == ElementType.FLOAT32) {
      graph.addNode(node.toBuilder().setInput(0, stored));
      return;
    }
    String name = node.getOutput(0);
    graph.addNode(
        node.toBuilder().setName(name + "/half").setInput(0, stored).setOutput(0, name + "/half"));
    nodes.cast(name + "/half", name, ElementType.FLOAT32);
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
        : nodes.cast(stored, stored + "/float32", ElementType.FLOAT32);
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
    return weight(value).filter(w -> shape(w).rank() == 2).isPresent();
  }

  private Shape shape(String weight) {
    return original.weights().get(weight).info().shape();
  }
}
