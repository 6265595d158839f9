package io.sensorium.models.graphs;

import java.util.Optional;

/**
 * A stack of pre-norm transformer blocks: {@code x += attention(norm(x)); x += mlp(norm(x))}.
 *
 * @param shape the sizes
 * @param names what the family calls the parts
 * @param biasedAttention whether the projections to query and value have biases
 * @param biasedKey whether the projection to key has one
 * @param layerScale what both branches are multiplied with, channel by channel, before they are
 *     added
 * @param gated whether the first feed-forward layer is two, of which the activated first one gates
 *     the second (SwiGLU; Shazeer, arXiv:2002.05202)
 * @param learnedToken what every token attends to besides the others
 */
record PreNormEncoder(
    EncoderShape shape,
    BlockNames names,
    boolean biasedAttention,
    boolean biasedKey,
    Optional<LayerScale> layerScale,
    boolean gated,
    Optional<LearnedToken> learnedToken) {

  PreNormEncoder(EncoderShape shape, BlockNames names, boolean biasedAttention) {
    this(shape, names, biasedAttention, biasedAttention);
  }

  PreNormEncoder(EncoderShape shape, BlockNames names, boolean biasedAttention, boolean biasedKey) {
    this(shape, names, biasedAttention, biasedKey, Optional.empty(), false);
  }

  PreNormEncoder(
      EncoderShape shape,
      BlockNames names,
      boolean biasedAttention,
      boolean biasedKey,
      Optional<LayerScale> layerScale,
      boolean gated) {
    this(shape, names, biasedAttention, biasedKey, layerScale, gated, Optional.empty());
  }

  /** What the factors of both branches are called (Touvron et al., arXiv:2103.17239). */
  record LayerScale(String attention, String feedForward) {}

  /**
   * What the key and the value of a learned token are called, {@code [1, 1, d]} each: {@code
   * bias_k} and {@code bias_v} of torch's {@code MultiheadAttention}.
   */
  record LearnedToken(String key, String value) {}

  /**
   * What blocks have made of tokens, none of it normalised.
   *
   * @param penultimate what the last block reads, {@code [n, s, d]}
   * @param last what it gives, {@code [n, kept, d]}
   */
  record States(Value penultimate, Value last) {
    /**
     * Declares what the last block reads as an output. As the graph computes it anyway, whoever
     * does not ask for it does not pay for it.
     */
    void declarePenultimate(Draft draft) {
      draft.graph().output("penultimate_hidden_state", penultimate);
    }
  }

  /**
   * Writes the blocks.
   *
   * @param x {@code [n, s, d]}
   * @param prefix of the blocks' names, before their number
   * @param kept how many of the first tokens are wanted, 0 for all; the last block computes no
   *     others
   */
  States states(Draft draft, Value x, String prefix, long kept) {
    Value stream = x;
    int last = shape.layers() - 1;
    for (int layer = 0; layer < last; layer++) {
      stream = block(draft, stream, prefix + layer + ".", Optional.empty(), 0);
    }
    return new States(stream, block(draft, stream, prefix + last + ".", Optional.empty(), kept));
  }

  /** As {@link #states}, without what the last block reads. */
  Value write(Draft draft, Value x, String prefix, long kept) {
    return states(draft, x, prefix, kept).last();
  }

  /**
   * Writes the blocks.
   *
   * @param x {@code [n, s, d]}
   * @param prefix of the blocks' names, before their number
   * @param seen which tokens each token attends to, {@code bool[..., s, s]}; empty for all
   * @return {@code [n, s, d]}, not yet normalised
   */
  Value write(Draft draft, Value x, String prefix, Optional<Value> seen) {
    Value stream = x;
    for (int layer = 0; layer < shape.layers(); layer++) {
      stream = block(draft, stream, prefix + layer + ".", seen, 0);
    }
    return stream;
  }

  private Value block(Draft draft, Value x, String prefix, Optional<Value> seen, long kept) {
    Layers layers = draft.layers();
    Operators operators = draft.operators();
    boolean some = kept > 0 && kept != x.shape().dimension(1);

    Value normed = layers.layerNorm(prefix + names.attentionNorm(), x, shape.epsilon());
    Value asking = some ? operators.firstTokens(prefix + names.query(), normed, kept) : normed;
    Value query = project(layers, prefix + names.query(), 0, asking, biasedAttention);
    Value keys = project(layers, prefix + names.key(), 1, normed, biasedKey);
    Value values = project(layers, prefix + names.value(), 2, normed, biasedAttention);
    Value key = extended(draft, prefix, learnedToken.map(LearnedToken::key), keys);
    Value value = extended(draft, prefix, learnedToken.map(LearnedToken::value), values);
    String out = prefix + names.attentionOut();
    Value attended =
        seen.map(mask -> layers.attention(out, query, key, value, mask, shape.heads()))
            .orElseGet(() -> layers.attention(out, query, key, value, shape.heads()));
    Value mixed = layers.linear(out, attended, shape.width(), true);
    Value residual = some ? operators.firstTokens(prefix + "residual", x, kept) : x;
    String attentionScale = layerScale.map(LayerScale::attention).orElse("");
    Value middle =
        operators.add(
            prefix + "attention.residual", scaled(draft, prefix, attentionScale, mixed), residual);

    Value hidden = layers.layerNorm(prefix + names.feedForwardNorm(), middle, shape.epsilon());
    Value active = gated ? gatedUp(draft, prefix, hidden) : up(draft, prefix, hidden);
    Value down = layers.linear(prefix + names.down(), active, shape.width(), true);
    String feedForwardScale = layerScale.map(LayerScale::feedForward).orElse("");
    return operators.add(
        prefix + "output.residual", scaled(draft, prefix, feedForwardScale, down), middle);
  }

  private static Value extended(Draft draft, String prefix, Optional<String> token, Value x) {
    if (token.isEmpty()) {
      return x;
    }
    String name = prefix + token.get();
    Operators operators = draft.operators();
    Value one = draft.weights().get(name, 1, 1, x.width());
    return operators.concat(name, 1, x, operators.repeatForBatch(name, one, x));
  }

  private Value up(Draft draft, String prefix, Value hidden) {
    Value up = draft.layers().linear(prefix + names.up(), hidden, shape.inner(), true);
    return draft.operators().activation(prefix + names.up(), up, shape.activation());
  }

  /** Both layers are rows of one tensor. */
  private Value gatedUp(Draft draft, String prefix, Value hidden) {
    String name = prefix + names.up();
    Operators operators = draft.operators();
    Value gate = operators.activation(name, half(draft, name, hidden, 0), shape.activation());
    return operators.multiply(name, gate, half(draft, name, hidden, 1));
  }

  private Value half(Draft draft, String name, Value hidden, int half) {
    long rows = 2L * shape.inner();
    Value weight = draft.weights().rows(name + ".weight", half, 2, rows, shape.width());
    Value product = draft.operators().timesTransposed(name, hidden, weight);
    Value bias = draft.weights().rows(name + ".bias", half, 2, rows);
    return draft.operators().add(name, product, bias);
  }

  private static Value scaled(Draft draft, String prefix, String factors, Value x) {
    return factors.isEmpty()
        ? x
        : draft
            .operators()
            .multiply(prefix + factors, x, draft.weights().get(prefix + factors, x.width()));
  }

  private Value project(Layers layers, String name, int part, Value x, boolean biased) {
    return names.packed()
        ? layers.packedLinear(name, part, x, shape.width())
        : layers.linear(name, x, shape.width(), biased);
  }
}
