package io.sensorium.models.graphs;

/**
 * A stack of pre-norm transformer blocks: {@code x += attention(norm(x)); x += mlp(norm(x))}.
 *
 * @param shape the sizes
 * @param names what the family calls the parts
 * @param biasedAttention whether the projections to query and value have biases
 * @param biasedKey whether the projection to key has one
 */
record PreNormEncoder(
    EncoderShape shape, BlockNames names, boolean biasedAttention, boolean biasedKey) {

  PreNormEncoder(EncoderShape shape, BlockNames names, boolean biasedAttention) {
    this(shape, names, biasedAttention, biasedAttention);
  }

  /**
   * Writes the blocks.
   *
   * @param x {@code [n, s, d]}
   * @param prefix of the blocks' names, before their number
   * @param kept how many of the first tokens are wanted; the last block computes no others
   * @return {@code [n, kept, d]}, not yet normalised
   */
  Value write(Draft draft, Value x, String prefix, long kept) {
    Value stream = x;
    for (int layer = 0; layer < shape.layers(); layer++) {
      boolean last = layer == shape.layers() - 1;
      stream = block(draft, stream, prefix + layer + ".", last ? kept : 0);
    }
    return stream;
  }

  private Value block(Draft draft, Value x, String prefix, long kept) {
    Layers layers = draft.layers();
    Operators operators = draft.operators();
    boolean some = kept > 0 && kept != x.shape().dimension(1);

    Value normed = layers.layerNorm(prefix + names.normBefore(), x, shape.epsilon());
    Value asking = some ? operators.firstTokens(prefix + names.query(), normed, kept) : normed;
    Value query = layers.linear(prefix + names.query(), asking, shape.width(), biasedAttention);
    Value key = layers.linear(prefix + names.key(), normed, shape.width(), biasedKey);
    Value value = layers.linear(prefix + names.value(), normed, shape.width(), biasedAttention);
    Value attended =
        layers.attention(prefix + names.attentionOut(), query, key, value, shape.heads());
    Value mixed = layers.linear(prefix + names.attentionOut(), attended, shape.width(), true);
    Value residual = some ? operators.firstTokens(prefix + "residual", x, kept) : x;
    Value middle = operators.add(prefix + "attention.residual", mixed, residual);

    Value hidden = layers.layerNorm(prefix + names.normAfter(), middle, shape.epsilon());
    Value up = layers.linear(prefix + names.up(), hidden, shape.inner(), true);
    Value active = operators.activation(prefix + names.up(), up, shape.activation());
    Value down = layers.linear(prefix + names.down(), active, shape.width(), true);
    return operators.add(prefix + "output.residual", down, middle);
  }
}
