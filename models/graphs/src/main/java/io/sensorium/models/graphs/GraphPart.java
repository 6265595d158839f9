package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Cuts an ONNX graph down to what one of its outputs is computed from. Stateless. */
final class GraphPart {
  private GraphPart() {}

  /** The model with that output alone, and the nodes, inputs and initializers that it needs. */
  static OnnxMl.ModelProto computing(String output, OnnxMl.ModelProto model) {
    OnnxMl.GraphProto whole = model.getGraph();
    Set<String> needed = needed(output, whole);
    Predicate<OnnxMl.NodeProto> computes =
        node -> node.getOutputList().stream().anyMatch(needed::contains);
    OnnxMl.GraphProto.Builder part =
        whole.toBuilder()
            .clearNode()
            .clearInput()
            .clearOutput()
            .clearInitializer()
            .clearValueInfo();
    whole.getNodeList().stream().filter(computes).forEach(part::addNode);
    whole.getInputList().stream()
        .filter(info -> needed.contains(info.getName()))
        .forEach(part::addInput);
    whole.getOutputList().stream()
        .filter(info -> info.getName().equals(output))
        .forEach(part::addOutput);
    whole.getInitializerList().stream()
        .filter(tensor -> needed.contains(tensor.getName()))
        .forEach(part::addInitializer);
    return model.toBuilder().setGraph(part).build();
  }

  /** Every value that the output depends on, itself included. */
  private static Set<String> needed(String output, OnnxMl.GraphProto graph) {
    Map<String, OnnxMl.NodeProto> makers = new HashMap<>();
    graph
        .getNodeList()
        .forEach(node -> node.getOutputList().forEach(name -> makers.put(name, node)));
    Set<String> needed = new HashSet<>();
    ArrayDeque<String> open = new ArrayDeque<>();
    open.add(output);
    while (!open.isEmpty()) {
      String name = open.remove();
      if (needed.add(name) && makers.containsKey(name)) {
        open.addAll(read(makers.get(name)));
      }
    }
    return needed;
  }

  /** What a node reads, its branches and loop bodies included. */
  static Set<String> read(OnnxMl.NodeProto node) {
    Set<String> names = new HashSet<>(node.getInputList());
    for (OnnxMl.AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        readWithin(attribute.getG(), names);
      }
      attribute.getGraphsList().forEach(graph -> readWithin(graph, names));
    }
    names.remove("");
    return names;
  }

  /** A name of the inner graph's own that is also one outside keeps a little too much. */
  private static void readWithin(OnnxMl.GraphProto graph, Set<String> names) {
    graph.getNodeList().forEach(node -> names.addAll(read(node)));
    graph.getOutputList().forEach(output -> names.add(output.getName()));
  }
}
