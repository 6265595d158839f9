package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.StoredTensor;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Hands a checkpoint's tensors to a graph and notes which are missing, misshapen or damaged. */
final class Weights {
  private static final Set<ElementType> SUPPORTED =
      Set.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  private final GraphBuilder graph;
  private final Map<String, StoredTensor> tensors;
  private final String namePrefix;
  private final Problems problems;
  private final boolean readingValues;
  private final Set<String> seen = new HashSet<>();

  Weights(GraphBuilder graph, Map<String, StoredTensor> tensors, Problems problems) {
    this(graph, tensors, "", problems, true);
  }

  /**
   * @param namePrefix what the graph puts before the tensors' names
   */
  Weights(
      GraphBuilder graph, Map<String, StoredTensor> tensors, String namePrefix, Problems problems) {
    this(graph, tensors, namePrefix, problems, true);
  }

  private Weights(
      GraphBuilder graph,
      Map<String, StoredTensor> tensors,
      String namePrefix,
      Problems problems,
      boolean readingValues) {
    this.graph = graph;
    this.tensors = tensors;
    this.namePrefix = namePrefix;
    this.problems = problems;
    this.readingValues = readingValues;
  }

  /** The same weights, whose headers alone are read: damaged numbers stay unnoticed. */
  Weights unread() {
    return new Weights(graph, tensors, namePrefix, problems, false);
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
    return checked(name, shape)
        .map(stored -> asFloat(name, graph.weight(namePrefix + name, stored)))
        .orElseGet(() -> new Value(name, ElementType.FLOAT32, shape));
  }

  /**
   * One of several equal blocks of rows of a packed tensor, for instance the query's third of
   * {@code in_proj_weight [3d, d]}; referred to in place like a whole one.
   *
   * @param part from 0
   * @param dimensions of the whole tensor; the first is a multiple of {@code parts}
   */
  Value rows(String name, int part, int parts, long... dimensions) {
    Shape whole = Shape.of(dimensions);
    String block = "%s[%d/%d]".formatted(name, part, parts);
    return checked(name, whole)
        .map(stored -> asFloat(block, graph.weight(namePrefix + block, stored.rows(part, parts))))
        .orElseGet(
            () -> new Value(block, ElementType.FLOAT32, whole.with(0, dimensions[0] / parts)));
  }

  /** The value of a tensor with one element; 0, which is noted, if there is no such tensor. */
  double number(String name) {
    StoredTensor stored = tensors.get(name);
    Shape shape = stored == null ? Shape.of() : stored.info().shape();
    if (shape.elements() != 1) {
      problems.add("tensor '%s' must have one element; got %s".formatted(name, shape));
      return 0;
    }
    return checked(name, shape)
        .map(tensor -> (double) FloatTensors.widen(tensor.tensor()).asFloats().get(0))
        .orElse(0.0);
  }

  /**
   * A table that is computed from a tensor while the graph is written, and kept inside its file.
   *
   * @param derived the table's name
   * @param compute gets the tensor as float32 and answers the table
   */
  Value derive(String name, String derived, UnaryOperator<Tensor> compute, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    return checked(name, shape)
        .map(stored -> FloatTensors.widen(stored.tensor()))
        .map(tensor -> graph.constant(namePrefix + derived, compute.apply(tensor)))
        .orElseGet(() -> new Value(derived, ElementType.FLOAT32, shape));
  }

  /** The tensor, unless something is wrong with it, which is noted. */
  private Optional<StoredTensor> checked(String name, Shape shape) {
    StoredTensor stored = tensors.get(name);
    if (stored == null) {
      problems.add("tensor '%s' %s is missing".formatted(name, shape));
    } else if (!stored.info().shape().equals(shape)) {
      problems.add("tensor '%s' must be %s; got %s".formatted(name, shape, stored.info().shape()));
    } else if (!SUPPORTED.contains(stored.info().type())) {
      problems.add(
          "tensor '%s' must be one of %s; got %s".formatted(name, SUPPORTED, stored.info().type()));
    } else if (readingValues && seen.add(name) && !FiniteCheck.isFinite(stored.tensor())) {
      problems.add("tensor '%s' holds NaN or infinity".formatted(name));
    } else {
      return Optional.of(stored);
    }
    return Optional.empty();
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
