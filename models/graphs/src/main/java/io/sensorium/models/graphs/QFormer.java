package io.sensorium.models.graphs;

/**
 * The Q-Former of BLIP-2 (Li et al., arXiv:2301.12597): learned queries go through BERT's post-norm
 * blocks and attend to what a vision tower gives in some of them. Used once.
 *
 * @param shape of the blocks
 * @param crossAttentionEvery the first of so many blocks attends to features
 * @param queries how many there are
 * @param prefix of all tensors' names
 */
record QFormer(
    Draft draft, EncoderShape shape, int crossAttentionEvery, int queries, String prefix) {
  private static final String PARTS = "qformer.";

  /**
   * Writes it.
   *
   * @param seen {@code [n, s, features' width]}
   * @return {@code [n, queries, width]}
   */
  Value write(Value seen) {
    String name = prefix + "query_tokens";
    Value tokens = draft.weights().get(name, 1, queries, shape.width());
    Value repeated = draft.operators().repeatForBatch(name, tokens, seen);
    Value x = normed(prefix + PARTS + "layernorm", repeated);
    for (int layer = 0; layer < shape.layers(); layer++) {
      String block = prefix + PARTS + "encoder.layer." + layer + ".";
      x = attended(block + "attention.", x, x);
      if (layer % crossAttentionEvery == 0) {
        x = attended(block + "crossattention.", x, seen);
      }
      x = fed(block, x);
    }
    return x;
  }

  /** {@code norm(x + attention(x, seen))}. */
  private Value attended(String part, Value x, Value seen) {
    Layers layers = draft.layers();
    Value query = layers.linear(part + "attention.query", x, shape.width(), true);
    Value key = layers.linear(part + "attention.key", seen, shape.width(), true);
    Value value = layers.linear(part + "attention.value", seen, shape.width(), true);
    String out = part + "output.dense";
    Value mixed = layers.attention(out, query, key, value, shape.heads());
    Value change = layers.linear(out, mixed, shape.width(), true);
    return normed(part + "output.LayerNorm", draft.operators().add(out, x, change));
  }

  /** {@code norm(x + mlp(x))}. */
  private Value fed(String block, Value x) {
    String up = block + "intermediate_query.dense";
    String down = block + "output_query.dense";
    Layers layers = draft.layers();
    Operators operators = draft.operators();
    Value wide = layers.linear(up, x, shape.inner(), true);
    Value active = operators.activation(up, wide, shape.activation());
    Value change = layers.linear(down, active, shape.width(), true);
    return normed(block + "output_query.LayerNorm", operators.add(down, x, change));
  }

  private Value normed(String name, Value x) {
    return draft.layers().layerNorm(name, x, shape.epsilon());
  }
}
