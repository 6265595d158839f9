package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;

/**
 * Makes one vector of a sequence's tokens, in the ways of Sentence-Transformers. Every method takes
 * {@code x [n, s, d]} and returns {@code [n, d]}; padding on either side is left out.
 */
final class TokenPooling {
  private static final float LEAST_WEIGHT = 1e-9f;

  /** Integers up to here are exact in float32. */
  private static final float MANY = 1 << 24;

  private final GraphBuilder graph;
  private final Operators operators;
  private final Value mask;

  /**
   * @param mask {@code int64[n, s]}, 0 for what is left out
   */
  TokenPooling(GraphBuilder graph, Value mask) {
    this.graph = graph;
    this.operators = new Operators(graph);
    this.mask = mask;
  }

  /** The mean over the tokens. */
  Value mean(String layer, Value x) {
    Value weights = operators.toFloat(layer, mask);
    return weighted(layer, x, weights, total(layer, weights));
  }

  /** The sum over the tokens by the square root of their number. */
  Value meanBySquareRoot(String layer, Value x) {
    Value weights = operators.toFloat(layer, mask);
    Value total = total(layer, weights);
    Value root = graph.node("Sqrt").in(total).out(layer, total.type(), total.shape());
    return weighted(layer, x, weights, root);
  }

  /** The mean in which the token at place {@code i}, counted from 1, weighs {@code i}. */
  Value weightedMean(String layer, Value x) {
    Value weights = operators.multiply(layer, places(layer), operators.toFloat(layer, mask));
    return weighted(layer, x, weights, total(layer, weights));
  }

  /** The largest value of every component. */
  Value max(String layer, Value x) {
    Value seen = operators.unsqueeze(layer, operators.cast(layer, mask, ElementType.BOOL), 2);
    Value lowest = graph.scalar(Float.NEGATIVE_INFINITY);
    Value masked = graph.node("Where").in(seen, x, lowest).out(layer, x.type(), x.shape());
    return operators.squeeze(layer, operators.largest(layer, masked, 1), 1);
  }

  /** The first token. */
  Value first(String layer, Value x) {
    Value fromEnd = operators.subtract(layer, places(layer), graph.scalar(MANY));
    return chosen(layer, x, operators.multiply(layer, fromEnd, graph.scalar(-1f)));
  }

  /** The last token. */
  Value last(String layer, Value x) {
    return chosen(layer, x, places(layer));
  }

  /**
   * The token that scores highest of those seen.
   *
   * @param scores positive, no two alike
   */
  private Value chosen(String layer, Value x, Value scores) {
    Value seen = operators.multiply(layer, scores, operators.toFloat(layer, mask));
    Value best = operators.equal(layer, seen, operators.largest(layer, seen, 1));
    return weighted(layer, x, operators.toFloat(layer, best), graph.scalar(1f));
  }

  /** The places of all tokens from 1, as float {@code [n, s]}. */
  private Value places(String layer) {
    Value ones = operators.toFloat(layer, operators.equal(layer, mask, mask));
    return operators.runningSum(layer, ones, 1);
  }

  /** {@code max(sum(weights), 1e-9)}, {@code [n, 1]}. */
  private Value total(String layer, Value weights) {
    return operators.maximum(layer, operators.sum(layer, weights, 1), graph.scalar(LEAST_WEIGHT));
  }

  /** {@code sum(weights x) / divisor} over the tokens. */
  private Value weighted(String layer, Value x, Value weights, Value divisor) {
    Value sum = operators.times(layer, operators.unsqueeze(layer, weights, 1), x);
    return operators.divide(layer, operators.squeeze(layer, sum, 1), divisor);
  }
}
