package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.util.Map;

/**
 * The trunk that BERT (Devlin et al., arXiv:1810.04805) and RoBERTa (Liu et al., arXiv:1907.11692)
 * share: embeddings, post-norm blocks and, in most checkpoints, a pooler over the first token.
 *
 * <p>Writes the inputs {@code input_ids} and {@code attention_mask}, {@code int64[n, s]} each, and
 * for BERT {@code token_type_ids}. RoBERTa counts positions from the token after its padding id,
 * whose tokens are not counted; it has one token type.
 */
final class BertTrunk {
  private static final Map<String, Object> BERT_DEFAULTS =
      Map.of(
          "hidden_size", 768,
          "num_hidden_layers", 12,
          "num_attention_heads", 12,
          "intermediate_size", 3072,
          "vocab_size", 30522,
          "max_position_embeddings", 512,
          "type_vocab_size", 2);
  private static final Map<String, Object> ROBERTA_DEFAULTS =
      Map.of(
          "hidden_size", 768,
          "num_hidden_layers", 12,
          "num_attention_heads", 12,
          "intermediate_size", 3072,
          "vocab_size", 50265,
          "max_position_embeddings", 514,
          "type_vocab_size", 1,
          "pad_token_id", 1);

  private final Draft draft;
  private final CheckedConfig config;
  private final String prefix;
  private final boolean countsFromPadding;
  private final EncoderShape shape;
  private final Value ids;
  private final Value mask;

  private BertTrunk(
      Draft draft, String prefix, Map<String, Object> defaults, boolean countsFromPadding) {
    this.draft = draft;
    this.config = draft.config().orElse(defaults);
    this.prefix = prefix;
    this.countsFromPadding = countsFromPadding;
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

  /**
   * BERT.
   *
   * @param draft with the configuration that has {@code hidden_size}
   * @param prefix of the tensors' names
   */
  static BertTrunk bert(Draft draft, String prefix) {
    return new BertTrunk(draft, prefix, BERT_DEFAULTS, false);
  }

  /** RoBERTa and those that differ in vocabulary alone, such as XLM-RoBERTa; else as above. */
  static BertTrunk roberta(Draft draft, String prefix) {
    return new BertTrunk(draft, prefix, ROBERTA_DEFAULTS, true);
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
    return Math.max(1, countsFromPadding ? positions - firstPosition() : positions);
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
    Value seen = draft.operators().visibleTokens(prefix + "attention_mask", mask);
    return new PostNormEncoder(shape, BlockNames.BERT)
        .write(draft, embeddings(), seen, prefix + "encoder.layer.", kept);
  }

  private Value embeddings() {
    Operators operators = draft.operators();
    String name = prefix + "embeddings.";
    Value words = table(name + "word_embeddings", "vocab_size");
    Value positions = table(name + "position_embeddings", "max_position_embeddings");
    Value types = table(name + "token_type_embeddings", "type_vocab_size");
    Value embedded = operators.rows(name + "word_embeddings", words, ids);
    Value typed =
        operators.add(
            name + "token_type_embeddings",
            embedded,
            countsFromPadding
                ? operators.first(name + "token_type_embeddings", types, 0, 1)
                : operators.rows(
                    name + "token_type_embeddings", types, tokenInput("token_type_ids")));
    Value placed =
        operators.add(
            name + "position_embeddings",
            typed,
            positions(name + "position_embeddings", positions));
    return draft.layers().layerNorm(name + "LayerNorm", placed, shape.epsilon());
  }

  private Value table(String name, String rows) {
    return draft.weights().get(name + ".weight", config.size(rows), shape.width());
  }

  private Value positions(String name, Value table) {
    Operators operators = draft.operators();
    if (!countsFromPadding) {
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
