package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;

/**
 * The operators that layers are made of, in the form that the graph's operator set wants.
 *
 * <p>Every method adds nodes named after {@code layer} and returns their result.
 */
final class Operators {
  /** From here on, reductions take their axes as an input. */
  private static final int AXES_AS_INPUT = 18;

  private static final int SUM_AXES_AS_INPUT = 13;
  private static final int UNSQUEEZE_AXES_AS_INPUT = 13;
  private static final int STANDARD_GELU = 20;
  private static final double QUICK_GELU_ALPHA = 1.702;

  private final GraphBuilder graph;

  Operators(GraphBuilder graph) {
    this.graph = graph;
  }

  /** The sum; {@code right} broadcasts to {@code left}. */
  Value add(String layer, Value left, Value right) {
    return elementwise("Add", layer, left, right);
  }

  Value multiply(String layer, Value left, Value right) {
    return elementwise("Mul", layer, left, right);
  }

  Value subtract(String layer, Value left, Value right) {
    return elementwise("Sub", layer, left, right);
  }

  Value divide(String layer, Value left, Value right) {
    return elementwise("Div", layer, left, right);
  }

  Value maximum(String layer, Value left, Value right) {
    return elementwise("Max", layer, left, right);
  }

  /** Where both are equal; {@code right} broadcasts to {@code left}. */
  Value equal(String layer, Value left, Value right) {
    return graph.node("Equal").in(left, right).out(layer, ElementType.BOOL, left.shape());
  }

  /** Where {@code left} is smaller; {@code right} broadcasts to it. */
  Value less(String layer, Value left, Value right) {
    return graph.node("Less").in(left, right).out(layer, ElementType.BOOL, left.shape());
  }

  /** {@code yes} where the condition, which broadcasts, is true, else {@code no}. */
  Value where(String layer, Value condition, Value yes, Value no) {
    return where(layer, condition, yes, no, no.shape());
  }

  /** As above, of the shape that the three broadcast to. */
  Value where(String layer, Value condition, Value yes, Value no, Shape shape) {
    return graph.node("Where").in(condition, yes, no).out(layer, no.type(), shape);
  }

  /** {@code cap * tanh(x / cap)}; {@code x} itself for a cap of 0. */
  Value capped(String layer, Value x, double cap) {
    if (cap == 0) {
      return x;
    }
    Value limit = graph.scalar((float) cap);
    return multiply(layer, activation(layer, divide(layer, x, limit), Activation.TANH), limit);
  }

  /** The sums of all entries up to each one, along an axis. */
  Value runningSum(String layer, Value x, int axis) {
    return graph.node("CumSum").in(x, graph.scalar((long) axis)).out(layer, x.type(), x.shape());
  }

  private Value elementwise(String operator, String layer, Value left, Value right) {
    return graph.node(operator).in(left, right).out(layer, left.type(), left.shape());
  }

  /** {@code x [..., in]} times the transpose of {@code weight [out, in]}. */
  Value timesTransposed(String layer, Value x, Value weight) {
    return graph
        .node(GraphBuilder.MICROSOFT, "FusedMatMul")
        .in(x, weight)
        .with("transB", 1)
        .out(layer, x.type(), x.withWidth(weight.shape().dimension(0)));
  }

  /** The batched product of {@code [n, i, j]} and {@code [n, j, k]}. */
  Value times(String layer, Value left, Value right) {
    return graph
        .node("MatMul")
        .in(left, right)
        .out(layer, left.type(), left.withWidth(right.width()));
  }

  Value activation(String layer, Value x, Activation activation) {
    return switch (activation) {
      case IDENTITY -> x;
      case GELU -> gelu(layer, x, "none");
      case GELU_TANH -> gelu(layer, x, "tanh");
      case QUICK_GELU -> sigmoidGate(layer, x, QUICK_GELU_ALPHA);
      case SILU -> sigmoidGate(layer, x, 1);
      case RELU -> unary("Relu", layer, x);
      case TANH -> unary("Tanh", layer, x);
      case SIGMOID -> unary("Sigmoid", layer, x);
    };
  }

  private Value unary(String operator, String layer, Value x) {
    return graph.node(operator).in(x).out(layer, x.type(), x.shape());
  }

  private Value gelu(String layer, Value x, String approximation) {
    if (graph.operatorSet() >= STANDARD_GELU) {
      return graph
          .node("Gelu")
          .in(x)
          .with("approximate", approximation)
          .out(layer, x.type(), x.shape());
    }
    String operator = approximation.equals("tanh") ? "FastGelu" : "Gelu";
    return graph.node(GraphBuilder.MICROSOFT, operator).in(x).out(layer, x.type(), x.shape());
  }

  /** {@code x * sigmoid(alpha x)}. */
  private Value sigmoidGate(String layer, Value x, double alpha) {
    return graph
        .node(GraphBuilder.MICROSOFT, "QuickGelu")
        .in(x)
        .with("alpha", alpha)
        .out(layer, x.type(), x.shape());
  }

  /** Gives {@code x} another shape; 0 keeps a dimension, at most one -1 is inferred. */
  Value reshape(String layer, Value x, long... dimensions) {
    long[] result = dimensions.clone();
    for (int axis = 0; axis < result.length; axis++) {
      result[axis] = dimensions[axis] == 0 ? x.shape().dimension(axis) : dimensions[axis];
    }
    return graph
        .node("Reshape")
        .in(x, graph.integers(dimensions))
        .out(layer, x.type(), Shape.of(result));
  }

  Value transpose(String layer, Value x, int... axes) {
    long[] permutation = new long[axes.length];
    long[] result = new long[axes.length];
    for (int axis = 0; axis < axes.length; axis++) {
      permutation[axis] = axes[axis];
      result[axis] = x.shape().dimension(axes[axis]);
    }
    return graph
        .node("Transpose")
        .in(x)
        .with("perm", permutation)
        .out(layer, x.type(), Shape.of(result));
  }

  Value unsqueeze(String layer, Value x, int axis) {
    long[] result = new long[x.shape().rank() + 1];
    for (int i = 0; i < result.length; i++) {
      result[i] = i == axis ? 1 : x.shape().dimension(i < axis ? i : i - 1);
    }
    return axes("Unsqueeze", UNSQUEEZE_AXES_AS_INPUT, x, axis)
        .out(layer, x.type(), Shape.of(result));
  }

  /** Without an axis of size 1. */
  Value squeeze(String layer, Value x, int axis) {
    long[] result = new long[x.shape().rank() - 1];
    for (int i = 0; i < result.length; i++) {
      result[i] = x.shape().dimension(i < axis ? i : i + 1);
    }
    return axes("Squeeze", UNSQUEEZE_AXES_AS_INPUT, x, axis).out(layer, x.type(), Shape.of(result));
  }

  /** {@code first} before {@code second} along an axis whose sizes are known. */
  Value concat(String layer, int axis, Value first, Value second) {
    long size = first.shape().dimension(axis) + second.shape().dimension(axis);
    return graph
        .node("Concat")
        .in(first, second)
        .with("axis", axis)
        .out(layer, second.type(), second.shape().with(axis, size));
  }

  /** {@code tokens [1, k, d]} repeated for every row of {@code like [n, ...]}. */
  Value repeatForBatch(String layer, Value tokens, Value like) {
    Value batch = sizeOf(layer, like, 0);
    Value ones = graph.integers(1, 1);
    return graph
        .node("Expand")
        .in(tokens, concat(layer, 0, batch, ones))
        .out(layer, tokens.type(), tokens.shape().with(0, Shape.DYNAMIC));
  }

  /** The first {@code count} tokens of {@code x [n, s, d]}. */
  Value firstTokens(String layer, Value x, long count) {
    return tokens(layer, x, 0, count);
  }

  /** The tokens of {@code x [n, s, d]} from {@code from} to before {@code to}. */
  Value tokens(String layer, Value x, long from, long to) {
    return graph
        .node("Slice")
        .in(x, graph.integers(from), graph.integers(to), graph.integers(1))
        .out(layer, x.type(), x.shape().with(1, to - from));
  }

  /**
   * The last {@code count} tokens of {@code x [n, s, d]}, all of them if there are fewer.
   *
   * @param count {@code int64[1]}
   */
  Value lastTokens(String layer, Value x, Value count) {
    Value from = multiply(layer, count, graph.integers(-1));
    return graph
        .node("Slice")
        .in(x, from, graph.integers(Integer.MAX_VALUE), graph.integers(1))
        .out(layer, x.type(), x.shape());
  }

  /** The first {@code count} entries along an axis. */
  Value first(String layer, Value x, int axis, long count) {
    return first(layer, x, graph.integers(count), axis, count);
  }

  /**
   * As above, as many as another axis has.
   *
   * @param count {@code int64[1]}
   */
  Value first(String layer, Value x, int axis, Value count) {
    return first(layer, x, count, axis, Shape.DYNAMIC);
  }

  private Value first(String layer, Value x, Value end, int axis, long count) {
    return graph
        .node("Slice")
        .in(x, graph.integers(0), end, graph.integers(axis))
        .out(layer, x.type(), x.shape().with(axis, count));
  }

  /** The integers from one to before another, both of rank 0. */
  Value range(String layer, Value from, Value to) {
    return graph
        .node("Range")
        .in(from, to, graph.scalar(1L))
        .out(layer, ElementType.INT64, Shape.of(Shape.DYNAMIC));
  }

  /** The size of an axis, as {@code int64[1]}. */
  Value sizeOf(String layer, Value x, int axis) {
    return graph
        .node("Shape")
        .in(x)
        .with("start", axis)
        .with("end", axis + 1)
        .out(layer, ElementType.INT64, Shape.of(1));
  }

  /** Rows of {@code table [rows, d]} by {@code indices [n, s]}, as {@code [n, s, d]}. */
  Value rows(String layer, Value table, Value indices) {
    Shape shape =
        Shape.of(indices.shape().dimension(0), indices.shape().dimension(1), table.width());
    return graph.node("Gather").in(table, indices).with("axis", 0).out(layer, table.type(), shape);
  }

  /** Row {@code index} of a table {@code [rows, d]}, as {@code [d]}. */
  Value row(String layer, Value table, int index) {
    return graph
        .node("Gather")
        .in(table, graph.scalar((long) index))
        .with("axis", 0)
        .out(layer, table.type(), Shape.of(table.width()));
  }

  /** Token {@code index} of {@code x [n, s, d]}, from the end if negative, as {@code [n, d]}. */
  Value token(String layer, Value x, int index) {
    return graph
        .node("Gather")
        .in(x, graph.scalar((long) index))
        .with("axis", 1)
        .out(layer, x.type(), Shape.of(x.shape().dimension(0), x.width()));
  }

  /** The mean over the tokens of {@code x [n, s, d]}, as {@code [n, d]}. */
  Value meanToken(String layer, Value x) {
    return axes("ReduceMean", AXES_AS_INPUT, x, 1)
        .with("keepdims", 0)
        .out(layer, x.type(), Shape.of(x.shape().dimension(0), x.width()));
  }

  Value toFloat(String layer, Value x) {
    return cast(layer, x, ElementType.FLOAT32);
  }

  Value cast(String layer, Value x, ElementType type) {
    return graph.node("Cast").in(x).with("to", OnnxTypes.code(type)).out(layer, type, x.shape());
  }

  /**
   * Rows of Euclidean length 1: {@code x / max(|x|, 1e-12)} along the last axis, as torch's {@code
   * normalize}.
   */
  Value unitRows(String layer, Value x) {
    Value length = reduced("ReduceL2", AXES_AS_INPUT, layer, x, x.shape().rank() - 1);
    return divide(layer, x, maximum(layer, length, graph.scalar(1e-12f)));
  }

  /** The sum along an axis, which stays with size 1. */
  Value sum(String layer, Value x, int axis) {
    return reduced("ReduceSum", SUM_AXES_AS_INPUT, layer, x, axis);
  }

  /** The largest value along an axis, which stays with size 1. */
  Value largest(String layer, Value x, int axis) {
    return reduced("ReduceMax", AXES_AS_INPUT, layer, x, axis);
  }

  private Value reduced(String operator, int asInputSince, String layer, Value x, int axis) {
    return axes(operator, asInputSince, x, axis)
        .with("keepdims", 1)
        .out(layer, x.type(), x.shape().with(axis, 1));
  }

  private NodeBuilder axes(String operator, int asInputSince, Value x, int axis) {
    return graph.operatorSet() >= asInputSince
        ? graph.node(operator).in(x, graph.integers(axis))
        : graph.node(operator).in(x).with("axes", new long[] {axis});
  }
}
