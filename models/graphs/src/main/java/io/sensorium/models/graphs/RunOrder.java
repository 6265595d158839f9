package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The order in which ONNX Runtime runs nodes, which is not the order of the file: from the last
 * node back, what a node reads goes before it, and of several nodes that it reads the last one goes
 * first ({@code Graph::ReverseDFSFrom}). What every layer reads of the inputs alone, keys and
 * values of cross-attention for instance, is computed before the first layer, and kept.
 */
final class RunOrder {
  private final List<OnnxMl.NodeProto> nodes;
  private final Map<String, Integer> makers = new HashMap<>();

  /** A node on the way; left once all that it reads is there. */
  private record Visit(int node, boolean leaving) {}

  private RunOrder(List<OnnxMl.NodeProto> nodes) {
    this.nodes = nodes;
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).getOutputList()) {
        makers.put(output, i);
      }
    }
  }

  /** The same nodes in that order. */
  static List<OnnxMl.NodeProto> of(List<OnnxMl.NodeProto> nodes) {
    return new RunOrder(nodes).order();
  }

  private List<OnnxMl.NodeProto> order() {
    List<OnnxMl.NodeProto> order = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    Deque<Visit> stack = new ArrayDeque<>();
    unread().forEach(node -> stack.push(new Visit(node, false)));
    while (!stack.isEmpty()) {
      Visit visit = stack.pop();
      if (visit.leaving()) {
        order.add(nodes.get(visit.node()));
      } else if (seen.add(visit.node())) {
        stack.push(new Visit(visit.node(), true));
        readBy(visit.node()).forEach(node -> stack.push(new Visit(node, false)));
      }
    }
    return order;
  }

  private IntStream unread() {
    Set<Integer> read = new HashSet<>();
    IntStream.range(0, nodes.size()).forEach(node -> readBy(node).forEach(read::add));
    return IntStream.range(0, nodes.size()).filter(node -> !read.contains(node));
  }

  private IntStream readBy(int node) {
    return nodes.get(node).getInputList().stream()
        .filter(makers::containsKey)
        .mapToInt(makers::get)
        .distinct()
        .sorted();
  }
}
