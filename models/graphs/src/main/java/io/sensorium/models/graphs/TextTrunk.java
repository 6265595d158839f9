package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.Optional;

/**
 * The part that the text towers of image-text models share: tokens, positions, pre-norm blocks and
 * a final norm.
 *
 * @param tokens the table of tokens, {@code [vocabulary, d]}
 * @param positions the table of positions, {@code [length, d]}
 * @param blocks prefix of the blocks' names, before their number
 * @param parts what the family calls the parts of a block
 * @param finalNorm over all tokens, behind the blocks
 */
record TextTrunk(
    String tokens, String positions, String blocks, BlockNames parts, String finalNorm) {

  /**
   * How much text a tower reads.
   *
   * @param vocabulary how many tokens there are
   * @param length how many of them one text has at most
   */
  record Limits(int vocabulary, int length) {}

  /**
   * Writes the tokens' way through the blocks.
   *
   * @param ids {@code int64[n, s]}
   * @param seen which tokens each token attends to, {@code bool[..., s, s]}; empty for all
   * @return {@code [n, s, d]}
   */
  Value write(Draft draft, EncoderShape shape, Limits limits, Value ids, Optional<Value> seen) {
    Operators operators = draft.operators();
    Weights weights = draft.weights();
    Value words =
        operators.rows(tokens, weights.get(tokens, limits.vocabulary(), shape.width()), ids);
    Value table = weights.get(positions, limits.length(), shape.width());
    boolean whole = ids.shape().dimension(1) == limits.length();
    Value places =
        whole ? table : operators.first(positions, table, 0, operators.sizeOf(positions, ids, 1));
    Value placed = operators.add(positions, words, places);
    Value encoded = new PreNormEncoder(shape, parts, true).write(draft, placed, blocks, seen);
    return draft.layers().layerNorm(finalNorm, encoded, shape.epsilon());
  }

  /**
   * Every token sees itself and those before it.
   *
   * @param ids {@code int64[n, s]}
   * @param length the largest {@code s}
   * @return {@code bool[s, s]}
   */
  static Value earlierTokens(Draft draft, Value ids, int length) {
    Operators operators = draft.operators();
    String layer = "causal";
    Tensor table = Tensor.allocate(ElementType.BOOL, Shape.of(length, length));
    for (int row = 0; row < length; row++) {
      table.data().asSlice((long) row * length, row + 1).fill((byte) 1);
    }
    Value size = operators.sizeOf(layer, ids, 1);
    Value rows = operators.first(layer, draft.graph().constant(layer, table), 0, size);
    return operators.first(layer, rows, 1, size);
  }

  /**
   * The state of one token of each text.
   *
   * @param states {@code [n, s, d]}
   * @param position {@code int64[n, 1]}
   * @return {@code [n, d]}
   */
  static Value tokenAt(Draft draft, Value states, Value position) {
    return draft
        .graph()
        .node("GatherND")
        .in(states, position)
        .with("batch_dims", 1)
        .out("pooled", states.type(), Shape.of(states.shape().dimension(0), states.width()));
  }

  /** Where a text's largest token id is, the first if it is there twice, {@code int64[n, 1]}. */
  static Value largestId(Draft draft, Value ids) {
    return firstLargest(draft, draft.operators().cast("pooled", ids, ElementType.INT32));
  }

  /** Where a token id is first in each text; 0 if it is not there, {@code int64[n, 1]}. */
  static Value firstOf(Draft draft, Value ids, long id) {
    Value equal =
        draft
            .graph()
            .node("Equal")
            .in(ids, draft.graph().scalar(id))
            .out("pooled", ElementType.BOOL, ids.shape());
    return firstLargest(draft, draft.operators().cast("pooled", equal, ElementType.INT32));
  }

  private static Value firstLargest(Draft draft, Value values) {
    return draft
        .graph()
        .node("ArgMax")
        .in(values)
        .with("axis", 1)
        .with("keepdims", 1)
        .out("pooled", ElementType.INT64, values.shape().with(1, 1));
  }
}
