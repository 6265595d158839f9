package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How many bytes of activations exist at once while a graph runs: its nodes in ONNX Runtime's
 * order, every value from the node that computes it to the last that reads it, and what attention
 * keeps for itself meanwhile. Runtimes reuse memory less tightly, and fuse nodes; it is the order
 * that counts. A decoder's keys and values are not counted: whoever runs it keeps them.
 *
 * @param graph as authored
 * @param tokens what dynamic axes but the first are taken to be
 * @param remembered tokens that a decoder's attention looks back on, the new ones included
 */
record WorkingSet(AuthoredGraph graph, long tokens, long remembered) {
  private static final String KEPT_LOGITS = "logits_to_keep";

  /** Queries, keys and values. */
  private static final List<Integer> READ_BY_HEADS = List.of(0, 1, 2);

  /** An encoder's. */
  WorkingSet(AuthoredGraph graph, long tokens) {
    this(graph, tokens, tokens);
  }

  /** The most, for one item. */
  long bytes() {
    List<OnnxMl.NodeProto> nodes = nodes();
    Map<String, Integer> lastReader = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : nodes.get(i).getInputList()) {
        lastReader.put(input, i);
      }
    }
    Set<String> outputs = new HashSet<>();
    graph.outputs().forEach(output -> outputs.add(output.name()));
    Set<String> lastTokens = behindKeptLogits(nodes);
    Map<String, Long> alive = new HashMap<>();
    graph.inputs().stream()
        .filter(input -> !isCache(input.name()))
        .forEach(input -> alive.put(input.name(), bytes(input)));
    long now = alive.values().stream().mapToLong(Long::longValue).sum();
    long most = now;
    for (int i = 0; i < nodes.size(); i++) {
      OnnxMl.NodeProto node = nodes.get(i);
      for (String output : node.getOutputList()) {
        long bytes = bytes(output, lastTokens);
        alive.put(output, bytes);
        now += bytes;
      }
      most = Math.max(most, now + withinAttention(node));
      for (String input : node.getInputList()) {
        if (lastReader.get(input) == i && !outputs.contains(input)) {
          now -= Objects.requireNonNullElse(alive.remove(input), 0L);
        }
      }
    }
    return most;
  }

  /** Answers whether the shapes of most of what is computed are known. */
  boolean isKnown() {
    List<String> computed =
        nodes().stream().flatMap(node -> node.getOutputList().stream()).toList();
    return 2 * computed.stream().filter(graph.values()::containsKey).count() >= computed.size();
  }

  /** Those that compute something of the inputs; runtimes fold the others while loading. */
  private List<OnnxMl.NodeProto> nodes() {
    Set<String> constants = new HashSet<>();
    graph.authored().getGraph().getInitializerList().forEach(t -> constants.add(t.getName()));
    constants.remove(KEPT_LOGITS);
    List<OnnxMl.NodeProto> nodes = new ArrayList<>();
    for (OnnxMl.NodeProto node : graph.authored().getGraph().getNodeList()) {
      if (constants.containsAll(node.getInputList())) {
        constants.addAll(node.getOutputList());
      } else {
        nodes.add(node);
      }
    }
    return RunOrder.of(nodes);
  }

  /** What is computed of last tokens alone, where the caller says how many of them. */
  private static Set<String> behindKeptLogits(List<OnnxMl.NodeProto> nodes) {
    Set<String> behind = new HashSet<>(Set.of(KEPT_LOGITS));
    for (OnnxMl.NodeProto node : nodes) {
      if (node.getInputList().stream().anyMatch(behind::contains)) {
        behind.addAll(node.getOutputList());
      }
    }
    return behind;
  }

  private static boolean isCache(String name) {
    return name.startsWith("past_key_values.") || name.startsWith("present.");
  }

  /** The scores of every head, and queries, keys and values laid out by heads. */
  private long withinAttention(OnnxMl.NodeProto node) {
    boolean cached = node.getOpType().equals("GroupQueryAttention");
    if (!cached
        && !node.getOpType().equals("Attention")
        && !node.getOpType().equals("MultiHeadAttention")) {
      return 0;
    }
    Value query = graph.values().get(node.getInput(0));
    Value key = graph.values().get(node.getInput(Math.min(1, node.getInputCount() - 1)));
    if (query == null || key == null || query.shape().rank() < 3 || key.shape().rank() < 3) {
      return 0;
    }
    long heads =
        node.getAttributeList().stream()
            .filter(a -> a.getName().equals("q_num_heads") || a.getName().equals("num_heads"))
            .mapToLong(OnnxMl.AttributeProto::getI)
            .findFirst()
            .orElse(1);
    long rows = length(query.shape().dimension(1));
    long columns = cached ? remembered : length(key.shape().dimension(1));
    long byHeads =
        READ_BY_HEADS.stream()
            .filter(i -> i < node.getInputCount())
            .mapToLong(i -> bytes(node.getInput(i), Set.of()))
            .sum();
    return heads * rows * columns * query.type().bytes() + byHeads;
  }

  private long bytes(String value, Set<String> lastTokens) {
    Value known = graph.values().get(value);
    if (known == null || isCache(value)) {
      return 0;
    }
    return elements(known.shape(), lastTokens.contains(value) ? 1 : tokens) * known.type().bytes();
  }

  private long bytes(TensorSpec input) {
    return elements(input.shape(), tokens) * input.type().bytes();
  }

  private long length(long dimension) {
    return dimension == Shape.DYNAMIC ? tokens : dimension;
  }

  private static long elements(Shape shape, long length) {
    long elements = 1;
    for (int axis = 0; axis < shape.rank(); axis++) {
      long dimension = shape.dimension(axis);
      elements *= dimension != Shape.DYNAMIC ? dimension : axis == 0 ? 1 : length;
    }
    return elements;
  }
}
