package io.sensorium.models.graphs;

/**
 * A stack of post-norm transformer blocks, as the first Transformer had them (Vaswani et al.,
 * arXiv:1706.03762): {@code x = norm(x + attention(x)); x = norm(x + mlp(x))}.
 *
 * @param shape the sizes
 * @param names what the family calls the parts
 */
record PostNormEncoder(EncoderShape shape, BlockNames names) {

  /**
   * Writes the blocks.
   *
   * @param x {@code [n, s, d]}
   * @param mask which tokens are seen, {@code bool[n, 1, s, s]}
   * @param prefix of the blocks' names, before their number
   * @param kept how many of the first tokens are wanted, 0 for all; the last block computes no
   *     others
   * @return {@code [n, kept, d]}
   */
  Value write(Draft draft, Value x, Value mask, String prefix, long kept) {
    Value stream = x;
    for (int layer = 0; layer < shape.layers(); layer++) {
      boolean last = layer == shape.layers() - 1;
      stream = block(draft, stream, mask, prefix + layer + ".", last ? kept : 0);
    }
    return stream;
  }

  private Value block(Draft draft, Value x, Value mask, String prefix, long kept) {
    Layers layers = draft.layers();
    Operators operators = draft.operators();
    String queryName = prefix + names.query();

    Value asking = kept > 0 ? operators.firstTokens(queryName, x, kept) : x;
    Value seen = kept > 0 ? operators.first(queryName, mask, 2, kept) : mask;
    Value query = layers.linear(queryName, asking, shape.width(), true);
    Value key = layers.linear(prefix + names.key(), x, shape.width(), true);
    Value value = layers.linear(prefix + names.value(), x, shape.width(), true);
    String attentionOut = prefix + names.attentionOut();
    Value attended = layers.attention(attentionOut, query, key, value, seen, shape.heads());
    Value mixed = layers.linear(attentionOut, attended, shape.width(), true);
    Value sum = operators.add(prefix + "attention.residual", mixed, asking);
    Value middle = layers.layerNorm(prefix + names.attentionNorm(), sum, shape.epsilon());

    Value up = layers.linear(prefix + names.up(), middle, shape.inner(), true);
    Value active = operators.activation(prefix + names.up(), up, shape.activation());
    Value down = layers.linear(prefix + names.down(), active, shape.width(), true);
    Value output = operators.add(prefix + "output.residual", down, middle);
    return layers.layerNorm(prefix + names.feedForwardNorm(), output, shape.epsilon());
  }
}
