package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.util.stream.Stream;

/** Puts one node together. */
final class NodeBuilder {
  /** An optional output that nobody reads. */
  static final Value NONE = new Value("", ElementType.FLOAT32, Shape.of());

  private final GraphBuilder graph;
  private final OnnxMl.NodeProto.Builder node;

  NodeBuilder(GraphBuilder graph, OnnxMl.NodeProto.Builder node) {
    this.graph = graph;
    this.node = node;
  }

  /** Adds inputs, in the operator's order. */
  NodeBuilder in(Value... values) {
    for (Value value : values) {
      node.addInput(value.name());
    }
    return this;
  }

  NodeBuilder with(String attribute, long value) {
    node.addAttribute(attribute(attribute, OnnxMl.AttributeProto.AttributeType.INT).setI(value));
    return this;
  }

  NodeBuilder with(String attribute, double value) {
    node.addAttribute(
        attribute(attribute, OnnxMl.AttributeProto.AttributeType.FLOAT).setF((float) value));
    return this;
  }

  NodeBuilder with(String attribute, String value) {
    node.addAttribute(
        attribute(attribute, OnnxMl.AttributeProto.AttributeType.STRING)
            .setS(com.google.protobuf.ByteString.copyFromUtf8(value)));
    return this;
  }

  NodeBuilder with(String attribute, long... values) {
    var list = attribute(attribute, OnnxMl.AttributeProto.AttributeType.INTS);
    for (long value : values) {
      list.addInts(value);
    }
    node.addAttribute(list);
    return this;
  }

  /** Adds the node to the graph and returns its one output, named after the layer. */
  Value out(String layer, ElementType type, Shape shape) {
    return as(graph.unique(layer + "/" + node.getOpType()), type, shape);
  }

  /** As {@link #out}, with the output's exact name. */
  Value as(String name, ElementType type, Shape shape) {
    Value output = new Value(name, type, shape);
    graph.add(node.setName(name).addOutput(name), output);
    return output;
  }

  /**
   * As {@link #out}, for a node with more outputs, whose exact names are given.
   *
   * @param others {@link #NONE} for those that are left out
   * @return the first output
   */
  Value out(String layer, ElementType type, Shape shape, Value... others) {
    String name = graph.unique(layer + "/" + node.getOpType());
    node.setName(name).addOutput(name);
    for (Value other : others) {
      node.addOutput(other.equals(NONE) ? "" : graph.unique(other.name()));
    }
    Value first = new Value(name, type, shape);
    graph.add(node, first);
    Stream.of(others).filter(other -> !other.equals(NONE)).forEach(graph::know);
    return first;
  }

  /** Leaves out an optional input before others. */
  NodeBuilder without() {
    node.addInput("");
    return this;
  }

  private static OnnxMl.AttributeProto.Builder attribute(
      String name, OnnxMl.AttributeProto.AttributeType type) {
    return OnnxMl.AttributeProto.newBuilder().setName(name).setType(type);
  }
}
