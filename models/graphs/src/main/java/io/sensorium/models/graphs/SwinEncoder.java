package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.List;

/**
 * The stages of a Swin transformer (Liu et al., arXiv:2103.14030): pre-norm blocks whose attention
 * stays within windows, every second block's windows shifted by half a window; between stages four
 * neighbours merge into one token of twice the width.
 *
 * @param side of the first stage's grid of tokens
 * @param window side of a window; at most that of the last stage's grid
 * @param depths blocks a stage
 * @param heads attention heads a stage
 * @param innerRatio the feed-forward layers' width relative to the stream's
 * @param activation between the feed-forward layers
 * @param biasedAttention whether the projections to query, key and value have biases
 * @param epsilon of the blocks' layer norms
 */
record SwinEncoder(
    int side,
    int window,
    List<Integer> depths,
    List<Integer> heads,
    double innerRatio,
    Activation activation,
    boolean biasedAttention,
    double epsilon) {
  /** Of the layer norms outside of the blocks, which the reference builds with torch's default. */
  static final double OUTER_EPSILON = 1e-5;

  /** What hides one token from another; the reference's, that nothing is quite hidden. */
  private static final float HIDDEN = -100;

  private static final BlockNames NAMES =
      new BlockNames(
          "layernorm_before",
          "attention.self.query",
          "attention.self.key",
          "attention.self.value",
          "attention.output.dense",
          "layernorm_after",
          "intermediate.dense",
          "output.dense");

  /**
   * Writes the stages.
   *
   * @param x {@code [n, side * side, d]}
   * @param prefix of the stages' names, before their number
   * @return {@code [n, tokens, 2^(stages - 1) d]}, not yet normalised
   */
  Value write(Draft draft, Value x, String prefix) {
    Value stream = x;
    int grid = side;
    for (int stage = 0; stage < depths.size(); stage++) {
      String name = prefix + stage + ".";
      for (int block = 0; block < depths.get(stage); block++) {
        // Where one window covers the grid there is nothing to shift.
        int shift = block % 2 == 0 || grid <= window ? 0 : window / 2;
        WindowGrid windows = new WindowGrid(grid, window, shift);
        stream = block(draft, stream, windows, heads.get(stage), name + "blocks." + block + ".");
      }
      if (stage < depths.size() - 1) {
        stream = merge(draft, stream, new WindowGrid(grid, window, 0), name + "downsample.");
        grid /= 2;
      }
    }
    return stream;
  }

  private Value block(Draft draft, Value x, WindowGrid windows, int heads, String prefix) {
    Layers layers = draft.layers();
    Operators operators = draft.operators();
    Value normed = layers.layerNorm(prefix + NAMES.attentionNorm(), x, epsilon);
    Value attended = attention(draft, normed, windows, heads, prefix);
    Value mixed = layers.linear(prefix + NAMES.attentionOut(), attended, x.width(), true);
    Value middle = operators.add(prefix + "attention.residual", mixed, x);

    Value hidden = layers.layerNorm(prefix + NAMES.feedForwardNorm(), middle, epsilon);
    Value up = layers.linear(prefix + NAMES.up(), hidden, (long) (innerRatio * x.width()), true);
    Value active = operators.activation(prefix + NAMES.up(), up, activation);
    Value down = layers.linear(prefix + NAMES.down(), active, x.width(), true);
    return operators.add(prefix + "output.residual", down, middle);
  }

  /** {@code [n, tokens, d]} to the same; every window is a sequence of its own. */
  private Value attention(Draft draft, Value x, WindowGrid windows, int heads, String prefix) {
    Layers layers = draft.layers();
    Operators operators = draft.operators();
    String name = prefix + "attention.self";
    long width = x.width();
    Value cut = windows.isWhole() ? x : cut(draft, x, windows, name);
    Value sequences = operators.reshape(name, cut, -1, windows.tokensPerWindow(), width);
    Value query = layers.linear(prefix + NAMES.query(), sequences, width, biasedAttention);
    Value key = layers.linear(prefix + NAMES.key(), sequences, width, biasedAttention);
    Value value = layers.linear(prefix + NAMES.value(), sequences, width, biasedAttention);
    Value bias = bias(draft, x, windows, heads, name);
    Value attended = layers.attention(name, query, key, value, bias, heads);
    long tokens = (long) windows.windows() * windows.tokensPerWindow();
    Value joined = operators.reshape(name, attended, -1, tokens, width);
    return windows.isWhole()
        ? joined
        : select(draft, joined, windows + " joined", windows.joined(), name);
  }

  private static Value cut(Draft draft, Value x, WindowGrid windows, String name) {
    Value padded = x;
    if (windows.isPadded()) {
      padded =
          draft
              .graph()
              .node("Pad")
              .in(x, draft.graph().integers(0, 0, 0, 0, 1, 0))
              .out(name, x.type(), x.shape().with(1, x.shape().dimension(1) + 1));
    }
    return select(draft, padded, windows + " cut", windows.cut(), name);
  }

  /**
   * What is added to the scores: by relative position and, where windows are shifted, by region.
   *
   * @return {@code [1 or n * windows, heads, tokens, tokens]}
   */
  private static Value bias(Draft draft, Value x, WindowGrid windows, int heads, String name) {
    GraphBuilder graph = draft.graph();
    Operators operators = draft.operators();
    int tokens = windows.tokensPerWindow();
    String tableName = name + ".relative_position_bias_table";
    Value table = draft.weights().get(tableName, windows.distances(), heads);
    Value pairs =
        longs(graph, "window %d pairs".formatted(windows.window()), windows.relativePositions());
    Value chosen =
        graph
            .node("Gather")
            .in(table, pairs)
            .with("axis", 0)
            .out(tableName, table.type(), Shape.of((long) tokens * tokens, heads));
    Value byPosition =
        operators.reshape(
            tableName, operators.transpose(tableName, chosen, 1, 0), 1, heads, tokens, tokens);
    if (windows.shift() == 0) {
      return byPosition;
    }
    Value both = operators.add(tableName, hidden(draft, windows, name), byPosition);
    Value rows =
        operators.reshape(tableName, both, 1, (long) windows.windows() * heads * tokens, tokens);
    return operators.reshape(
        tableName, operators.repeatForBatch(tableName, rows, x), -1, heads, tokens, tokens);
  }

  /** 0 between tokens of one region: {@code [windows, 1, tokens, tokens]}, broadcast over heads. */
  private static Value hidden(Draft draft, WindowGrid windows, String name) {
    GraphBuilder graph = draft.graph();
    Operators operators = draft.operators();
    int tokens = windows.tokensPerWindow();
    Value regions = longs(graph, windows + " regions", windows.regions());
    Value rows = operators.reshape(name, regions, windows.windows(), 1, tokens, 1);
    Value columns = operators.reshape(name, regions, windows.windows(), 1, 1, tokens);
    Shape shape = Shape.of(windows.windows(), 1, tokens, tokens);
    Value alike = graph.node("Equal").in(rows, columns).out(name, ElementType.BOOL, shape);
    return graph
        .node("Where")
        .in(alike, graph.scalar(0f), graph.scalar(HIDDEN))
        .out(name, ElementType.FLOAT32, shape);
  }

  private static Value merge(Draft draft, Value x, WindowGrid grid, String prefix) {
    Operators operators = draft.operators();
    String name = prefix + "reduction";
    Value neighbours = select(draft, x, grid.side() + " merged", grid.merged(), name);
    long tokens = x.shape().dimension(1) / 4;
    Value joined = operators.reshape(name, neighbours, -1, tokens, 4 * x.width());
    Value normed = draft.layers().layerNorm(prefix + "norm", joined, OUTER_EPSILON);
    return draft.layers().linear(name, normed, 2 * x.width(), false);
  }

  /** Tokens by their index. */
  private static Value select(Draft draft, Value x, String indices, long[] tokens, String name) {
    return draft
        .graph()
        .node("Gather")
        .in(x, longs(draft.graph(), indices, tokens))
        .with("axis", 1)
        .out(name, x.type(), x.shape().with(1, tokens.length));
  }

  private static Value longs(GraphBuilder graph, String name, long[] values) {
    return graph.constant(name, Tensor.ofLongs(Shape.of(values.length), values));
  }
}
