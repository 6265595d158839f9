package io.sensorium.models.graphs;

import java.util.Optional;

/**
 * Learned queries that attend to each other and to features, in pre-norm blocks. Used once.
 *
 * @param prefix of the tensors' names
 */
record QueryTransformer(Draft draft, ProjectionShape shape, String prefix) {
  private static final double EPSILON = 1e-5;

  /** How many times wider the feed-forward layers are. */
  private static final int EXPANSION = 4;

  /**
   * Writes it.
   *
   * @param tokens {@code [n, s, input width]}
   * @param embedding {@code [n, embedding width]}
   * @return {@code [n, queries, output width]}
   */
  Value write(Optional<Value> tokens, Optional<Value> embedding) {
    Operators operators = draft.operators();
    Value seen = seen(tokens, embedding);
    String name = prefix + "query_tokens";
    Value queries = draft.weights().get(name, 1, shape.queries(), shape.hiddenWidth());
    Value x = operators.repeatForBatch(name, queries, seen);
    for (int layer = 0; layer < shape.layers(); layer++) {
      x = block(x, seen, prefix + "layers." + layer + ".");
    }
    Value normed = draft.layers().layerNorm(prefix + "norm", x, EPSILON);
    return draft.layers().linear(prefix + "output", normed, shape.outputWidth(), true);
  }

  /** What the queries look at, the embedding first: {@code [n, features, hidden width]}. */
  private Value seen(Optional<Value> tokens, Optional<Value> embedding) {
    Optional<Value> one =
        embedding.map(x -> draft.operators().unsqueeze(prefix + "embedding_input", x, 1));
    Optional<Value> first = one.map(x -> input("embedding_input", x));
    Optional<Value> others = tokens.map(x -> input("token_input", x));
    if (first.isPresent() && others.isPresent()) {
      return draft.operators().concat(prefix + "features", 1, first.get(), others.get());
    }
    return first.or(() -> others).orElseThrow();
  }

  private Value input(String name, Value x) {
    return draft.layers().linear(prefix + name, x, shape.hiddenWidth(), true);
  }

  private Value block(Value x, Value seen, String block) {
    Value asked = normed(x, block + "self_attention_norm");
    Value mixed = added(x, attention(block + "self_attention.", asked, asked));
    Value asking = normed(mixed, block + "cross_attention_norm");
    Value informed = added(mixed, attention(block + "cross_attention.", asking, seen));
    Value hidden = normed(informed, block + "feed_forward_norm");
    Layers layers = draft.layers();
    Value up = layers.linear(block + "fc1", hidden, (long) EXPANSION * shape.hiddenWidth(), true);
    Value active = draft.operators().activation(block + "fc1", up, shape.activation());
    return added(informed, layers.linear(block + "fc2", active, shape.hiddenWidth(), true));
  }

  private Value normed(Value x, String name) {
    return draft.layers().layerNorm(name, x, EPSILON);
  }

  private Value added(Value x, Value change) {
    return draft.operators().add(change.name(), x, change);
  }

  private Value attention(String part, Value asking, Value seen) {
    Layers layers = draft.layers();
    int width = shape.hiddenWidth();
    Value query = layers.linear(part + "q_proj", asking, width, true);
    Value key = layers.linear(part + "k_proj", seen, width, true);
    Value value = layers.linear(part + "v_proj", seen, width, true);
    Value attended = layers.attention(part + "out_proj", query, key, value, shape.heads());
    return layers.linear(part + "out_proj", attended, width, true);
  }
}
