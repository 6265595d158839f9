package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;

/**
 * The trunk of BERT's family: embeddings, post-norm blocks and, in many checkpoints, a pooler over
 * the first token.
 *
 * <p>Writes the inputs {@code input_ids} and {@code attention_mask}, {@code int64[n, s]} each, and
 * {@code token_type_ids} where the variant reads them.
 */
final class BertTrunk {
  private final Draft draft;
  private final CheckedConfig config;
  private final String prefix;
  private final BertVariant variant;
  private final EncoderShape shape;
  private final Value ids;
  private final Value mask;

  /**
   * Declares the inputs.
   *
   * @param draft with the configuration that has the trunk's sizes
   * @param prefix of the tensors' names
   */
  BertTrunk(Draft draft, String prefix, BertVariant variant) {
    this.draft = draft;
    this.config = draft.config().renamed(variant.keys()).orElse(variant.defaults());
    this.prefix = prefix;
    this.variant = variant;
    this.shape = EncoderShape.read(config, "gelu", 1e-12);
    if (!config.text("position_embedding_type", "absolute").equals("absolute")) {
      config.reject("position_embedding_type", "absolute");
    }
    if (config.flag("is_decoder", false)) {
      config.reject("is_decoder", "false");
    }
    this.ids = tokenInput("input_ids");
    this.mask = tokenInput("attention_mask");
  }

  private Value tokenInput(String name) {
    return draft.graph().input(name, ElementType.INT64, Shape.DYNAMIC, Shape.DYNAMIC);
  }

  /** The input {@code attention_mask}. */
  Value mask() {
    return mask;
  }

  /** How many tokens a sequence may have. */
  int longestSequence() {
    int positions = config.size("max_position_embeddings");
    return Math.max(1, variant.countsFromPadding() ? positions - firstPosition() : positions);
  }

  private int firstPosition() {
    return config.index("pad_token_id") + 1;
  }

  /**
   * The last hidden state.
   *
   * @param kept how many of the first tokens are wanted, 0 for all
   * @return {@code [n, kept, d]}
   */
  Value states(long kept) {
    return new PostNormEncoder(shape, variant.parts())
        .write(draft, embeddings(), seenTokens(), prefix + variant.blocks(), kept);
  }

  /** {@code bool[n, 1, s, s]}, or what attention adds, {@code [n, heads, s, s]}. */
  private Value seenTokens() {
    String name = prefix + "attention_mask";
    Operators operators = draft.operators();
    Value length = operators.sizeOf(name, mask, 1);
    Value visible = operators.cast(name, mask, ElementType.BOOL);
    Value row = operators.unsqueeze(name, operators.unsqueeze(name, visible, 1), 1);
    if (!variant.attendsByDistance()) {
      Value one = draft.graph().integers(1);
      Value queries = operators.concat(name, 0, draft.graph().integers(1, 1), length);
      return draft
          .graph()
          .node("Expand")
          .in(row, operators.concat(name, 0, queries, one))
          .out(name, ElementType.BOOL, row.shape().with(2, Shape.DYNAMIC));
    }
    String biasName = prefix + "encoder.relative_attention_bias";
    int buckets = config.size("relative_attention_num_buckets");
    Value table = draft.weights().get(biasName + ".weight", buckets, shape.heads());
    Value bias = DistanceBias.write(draft, biasName, table, length, longestSequence());
    return draft
        .graph()
        .node("Where")
        .in(row, bias, draft.graph().scalar(Float.NEGATIVE_INFINITY))
        .out(name, bias.type(), bias.shape().with(0, Shape.DYNAMIC));
  }

  private Value embeddings() {
    Operators operators = draft.operators();
    String name = prefix + "embeddings.";
    Value words = table(name + "word_embeddings", "vocab_size");
    Value embedded = typed(operators.rows(name + "word_embeddings", words, ids));
    Value positions = table(name + "position_embeddings", "max_position_embeddings");
    Value placed =
        operators.add(
            name + "position_embeddings",
            embedded,
            positions(name + "position_embeddings", positions));
    return draft.layers().layerNorm(name + "LayerNorm", placed, shape.epsilon());
  }

  private Value typed(Value embedded) {
    if (variant.tokenTypes() == BertVariant.TokenTypes.NONE) {
      return embedded;
    }
    String name = prefix + "embeddings.token_type_embeddings";
    Operators operators = draft.operators();
    Value types = table(name, "type_vocab_size");
    boolean reads = variant.tokenTypes() == BertVariant.TokenTypes.READ;
    return operators.add(
        name,
        embedded,
        reads
            ? operators.rows(name, types, tokenInput("token_type_ids"))
            : operators.first(name, types, 0, 1));
  }

  private Value table(String name, String rows) {
    return draft.weights().get(name + ".weight", config.size(rows), shape.width());
  }

  private Value positions(String name, Value table) {
    Operators operators = draft.operators();
    if (!variant.countsFromPadding()) {
      return operators.first(name, table, 0, operators.sizeOf(name, ids, 1));
    }
    GraphBuilder graph = draft.graph();
    Value padding = graph.scalar((long) config.index("pad_token_id"));
    Value isPadding = operators.equal(name, ids, padding);
    Value isToken = graph.node("Not").in(isPadding).out(name, ElementType.BOOL, ids.shape());
    Value counted = operators.cast(name, isToken, ElementType.INT64);
    Value running = operators.runningSum(name, counted, 1);
    Value numbers = operators.add(name, operators.multiply(name, running, counted), padding);
    return operators.rows(name, table, numbers);
  }

  /** Answers whether the checkpoint has the pooler. */
  boolean hasPooler() {
    return draft.weights().has(prefix + "pooler.dense.weight");
  }

  /**
   * The pooler: the first token through a dense layer and tanh.
   *
   * @param states {@code [n, s, d]}
   * @return {@code [n, d]}
   */
  Value pooled(Value states) {
    String name = prefix + "pooler.dense";
    Value first = draft.operators().token(name, states, 0);
    Value dense = draft.layers().linear(name, first, shape.width(), true);
    return draft.operators().activation(name, dense, Activation.TANH);
  }
}
