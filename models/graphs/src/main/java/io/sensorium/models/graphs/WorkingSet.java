package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many bytes of activations exist at once while a graph runs: its nodes in order, every value
 * from the node that computes it to the last that reads it, and for attention the scores of every
 * head beside them. Runtimes reuse memory less tightly, and fuse nodes; it is the order that
 * counts.
 *
 * @param graph as authored
 * @param sequence what dynamic axes but the first are taken to be
 */
record WorkingSet(AuthoredGraph graph, long sequence) {
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
    long alive = graph.inputs().stream().mapToLong(this::bytes).sum();
    long most = alive;
    for (int i = 0; i < nodes.size(); i++) {
      OnnxMl.NodeProto node = nodes.get(i);
      alive += node.getOutputList().stream().mapToLong(this::bytes).sum();
      most = Math.max(most, alive + scores(node));
      for (String input : new HashSet<>(node.getInputList())) {
        if (lastReader.get(input) == i && !outputs.contains(input)) {
          alive -= bytes(input);
        }
      }
    }
    return most;
  }

  /** Those that compute something of the inputs; runtimes fold the others while loading. */
  private List<OnnxMl.NodeProto> nodes() {
    Set<String> constants = new HashSet<>();
    graph.authored().getGraph().getInitializerList().forEach(t -> constants.add(t.getName()));
    List<OnnxMl.NodeProto> nodes = new ArrayList<>();
    for (OnnxMl.NodeProto node : graph.authored().getGraph().getNodeList()) {
      if (constants.containsAll(node.getInputList())) {
        constants.addAll(node.getOutputList());
      } else {
        nodes.add(node);
      }
    }
    return nodes;
  }

  private long scores(OnnxMl.NodeProto node) {
    if (!node.getOpType().equals("Attention") && !node.getOpType().equals("MultiHeadAttention")) {
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
    return heads
        * elements(Shape.of(query.shape().dimension(1), key.shape().dimension(1)), false)
        * query.type().bytes();
  }

  private long bytes(String value) {
    Value known = graph.values().get(value);
    return known == null ? 0 : elements(known.shape(), true) * known.type().bytes();
  }

  private long bytes(TensorSpec input) {
    return elements(input.shape(), true) * input.type().bytes();
  }

  private long elements(Shape shape, boolean batched) {
    long elements = 1;
    for (int axis = 0; axis < shape.rank(); axis++) {
      long dimension = shape.dimension(axis);
      boolean one = batched && axis == 0;
      elements *= dimension == Shape.DYNAMIC ? (one ? 1 : sequence) : dimension;
    }
    return elements;
  }
}
