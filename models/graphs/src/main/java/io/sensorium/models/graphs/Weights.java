package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.StoredTensor;
import java.util.Map;
import java.util.Set;

/** Hands a checkpoint's tensors to a graph and notes which are missing, misshapen or damaged. */
final class Weights {
  private static final Set<ElementType> SUPPORTED =
      Set.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  private final GraphBuilder graph;
  private final Map<String, StoredTensor> tensors;
  private final String namePrefix;
  private final Problems problems;

  Weights(GraphBuilder graph, Map<String, StoredTensor> tensors, Problems problems) {
    this(graph, tensors, "", problems);
  }

  /**
   * @param namePrefix what the graph puts before the tensors' names
   */
  Weights(
      GraphBuilder graph, Map<String, StoredTensor> tensors, String namePrefix, Problems problems) {
    this.graph = graph;
    this.tensors = tensors;
    this.namePrefix = namePrefix;
    this.problems = problems;
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** The first of the prefixes under which the tensor exists, or the first one. */
  String prefixOf(String name, String... prefixes) {
    for (String prefix : prefixes) {
      if (has(prefix + name)) {
        return prefix;
      }
    }
    return prefixes[0];
  }

  /** A tensor as float32, of the shape that the configuration demands. */
  Value get(String name, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    StoredTensor stored = tensors.get(name);
    if (stored == null) {
      problems.add("tensor '%s' %s is missing".formatted(name, shape));
    } else if (!stored.info().shape().equals(shape)) {
      problems.add("tensor '%s' must be %s; got %s".formatted(name, shape, stored.info().shape()));
    } else if (!SUPPORTED.contains(stored.info().type())) {
      problems.add(
          "tensor '%s' must be one of %s; got %s".formatted(name, SUPPORTED, stored.info().type()));
    } else if (!FiniteCheck.isFinite(stored.tensor())) {
      problems.add("tensor '%s' holds NaN or infinity".formatted(name));
    } else {
      return asFloat(name, graph.weight(namePrefix + name, stored));
    }
    return new Value(name, ElementType.FLOAT32, shape);
  }

  private Value asFloat(String name, Value value) {
    if (value.type() == ElementType.FLOAT32) {
      return value;
    }
    return graph
        .node("Cast")
        .in(value)
        .with("to", OnnxTypes.code(ElementType.FLOAT32))
        .out(name, ElementType.FLOAT32, value.shape());
  }
}
