package io.sensorium.models.graphs;

import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.nio.FloatBuffer;

/**
 * Layers with weights, under the names that checkpoints give them.
 *
 * <p>{@code name} is the layer's: a linear layer {@code fc1} has {@code fc1.weight} and {@code
 * fc1.bias}. Sequences are {@code [batch, tokens, width]}.
 */
final class Layers {
  /** Query, key and value. */
  private static final int PACKED = 3;

  private final GraphBuilder graph;
  private final Weights weights;
  private final Operators operators;

  Layers(GraphBuilder graph, Weights weights) {
    this.graph = graph;
    this.weights = weights;
    this.operators = new Operators(graph);
  }

  /** {@code x [..., in]} to {@code [..., out]}: {@code x W^T + b}. */
  Value linear(String name, Value x, long out, boolean biased) {
    Value weight = weights.get(name + ".weight", out, x.width());
    Value product = operators.timesTransposed(name, x, weight);
    return biased ? operators.add(name, product, weights.get(name + ".bias", out)) : product;
  }

  /**
   * One of the three linear layers that torch's {@code MultiheadAttention} packs into {@code
   * name_weight [3 out, in]} and {@code name_bias [3 out]}; referred to in place.
   *
   * @param part 0 for query, 1 for key, 2 for value
   */
  Value packedLinear(String name, int part, Value x, long out) {
    Value weight = weights.rows(name + "_weight", part, PACKED, PACKED * out, x.width());
    Value bias = weights.rows(name + "_bias", part, PACKED, PACKED * out);
    return operators.add(name, operators.timesTransposed(name, x, weight), bias);
  }

  /** Over the last axis. Checkpoints converted from TensorFlow say gamma and beta. */
  Value layerNorm(String name, Value x, double epsilon) {
    boolean converted = weights.has(name + ".gamma");
    Value scale = weights.get(name + (converted ? ".gamma" : ".weight"), x.width());
    Value shift = weights.get(name + (converted ? ".beta" : ".bias"), x.width());
    return graph
        .node("LayerNormalization")
        .in(x, scale, shift)
        .with("axis", -1)
        .with("epsilon", epsilon)
        .out(name, x.type(), x.shape());
  }

  /**
   * Root mean square norm over the last axis (Zhang and Sennrich, arXiv:1910.07467).
   *
   * @param plusOne whether the factor is {@code 1 + weight}, as in Gemma
   */
  Value rmsNorm(String name, Value x, double epsilon, boolean plusOne) {
    return graph
        .node("SimplifiedLayerNormalization")
        .in(x, rmsScale(name, x, plusOne))
        .with("axis", -1)
        .with("epsilon", epsilon)
        .out(name, x.type(), x.shape());
  }

  /**
   * A sum and its norm.
   *
   * @param sum before it was normed
   * @param normed of the same shape
   */
  record NormedSum(Value sum, Value normed) {}

  /**
   * As {@link #rmsNorm} of {@code x + y}, in one pass over both.
   *
   * @param name the norm's
   */
  NormedSum rmsNormOfSum(String name, Value x, Value y, double epsilon, boolean plusOne) {
    Value sum = new Value(name + "/sum", x.type(), x.shape());
    Value normed =
        graph
            .node(GraphBuilder.MICROSOFT, "SkipSimplifiedLayerNormalization")
            .in(x, y, rmsScale(name, x, plusOne))
            .with("epsilon", epsilon)
            .out(name, x.type(), x.shape(), NodeBuilder.NONE, NodeBuilder.NONE, sum);
    return new NormedSum(sum, normed);
  }

  private Value rmsScale(String name, Value x, boolean plusOne) {
    String stored = name + ".weight";
    return plusOne
        ? weights.derive(stored, name + ".scale", Layers::plusOne, x.width())
        : weights.get(stored, x.width());
  }

  private static Tensor plusOne(Tensor weight) {
    FloatBuffer stored = weight.asFloats();
    float[] scale = new float[stored.remaining()];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = 1 + stored.get(i);
    }
    return Tensor.ofFloats(weight.shape(), scale);
  }

  /**
   * Scaled dot-product attention between projected sequences of one width.
   *
   * @param query {@code [n, q, d]}
   * @param key {@code [n, s, d]}
   * @param value likewise
   */
  Value attention(String name, Value query, Value key, Value value, int heads) {
    return attention(name, graph.node("Attention").in(query, key, value), query, heads);
  }

  /**
   * As above, but every query sees only some of the keys.
   *
   * @param mask {@code bool[n, 1, q, s]}, true where the key is seen; no row may be all false
   */
  Value attention(String name, Value query, Value key, Value value, Value mask, int heads) {
    return attention(name, graph.node("Attention").in(query, key, value, mask), query, heads);
  }

  private static Value attention(String name, NodeBuilder node, Value query, int heads) {
    return node.with("q_num_heads", heads)
        .with("kv_num_heads", heads)
        .out(name, query.type(), query.shape());
  }

  /**
   * Cuts planes into patches and embeds each: {@code [n, c, rows, columns]} to {@code [n, patches,
   * width]}, row by row.
   */
  Value patches(
      String name, Value planes, long width, Extent patch, Extent stride, boolean biased) {
    Extent size = new Extent((int) planes.shape().dimension(2), (int) planes.shape().dimension(3));
    Extent grid = size.windows(patch, stride);
    NodeBuilder convolution =
        graph
            .node("Conv")
            .in(planes)
            .in(
                weights.get(
                    name + ".weight",
                    width,
                    planes.shape().dimension(1),
                    patch.rows(),
                    patch.columns()));
    if (biased) {
      convolution.in(weights.get(name + ".bias", width));
    }
    Value map =
        convolution
            .with("kernel_shape", new long[] {patch.rows(), patch.columns()})
            .with("strides", new long[] {stride.rows(), stride.columns()})
            .out(name, planes.type(), Shape.of(Shape.DYNAMIC, width, grid.rows(), grid.columns()));
    return operators.transpose(name, operators.reshape(name, map, 0, width, grid.area()), 0, 2, 1);
  }
}
