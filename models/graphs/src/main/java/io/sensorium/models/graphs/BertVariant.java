package io.sensorium.models.graphs;

import java.util.Map;

/**
 * What tells the members of BERT's family apart.
 *
 * @param defaults what the reference takes where the configuration says nothing
 * @param keys the configuration's own names of sizes, by BERT's
 * @param countsFromPadding whether positions begin behind the padding id and padding has none
 * @param tokenTypes where token types come from
 * @param attendsByDistance whether attention has a bias for every distance between tokens
 * @param blocks prefix of the blocks' names, before their number
 * @param parts what the parts of a block are called
 */
record BertVariant(
    Map<String, Object> defaults,
    Map<String, String> keys,
    boolean countsFromPadding,
    TokenTypes tokenTypes,
    boolean attendsByDistance,
    String blocks,
    BlockNames parts) {

  /** Where token types come from. */
  enum TokenTypes {
    /** The input {@code token_type_ids}. */
    READ,
    /** There is one. */
    FIRST,
    /** There are none. */
    NONE
  }

  private static final String ENCODER = "encoder.layer.";

  /** BERT (Devlin et al., arXiv:1810.04805). */
  static final BertVariant BERT =
      new BertVariant(
          defaults(30522, 512, 0, 2),
          Map.of(),
          false,
          TokenTypes.READ,
          false,
          ENCODER,
          BlockNames.BERT);

  /** RoBERTa (Liu et al., arXiv:1907.11692), XLM-RoBERTa and CamemBERT. */
  static final BertVariant ROBERTA =
      new BertVariant(
          defaults(50265, 514, 1, 1),
          Map.of(),
          true,
          TokenTypes.FIRST,
          false,
          ENCODER,
          BlockNames.BERT);

  /** DistilBERT (Sanh et al., arXiv:1910.01108). */
  static final BertVariant DISTILBERT =
      new BertVariant(
          defaults(30522, 512, 0, 0),
          Map.of(
              "hidden_size", "dim",
              "num_hidden_layers", "n_layers",
              "num_attention_heads", "n_heads",
              "intermediate_size", "hidden_dim",
              "hidden_act", "activation"),
          false,
          TokenTypes.NONE,
          false,
          "transformer.layer.",
          BlockNames.DISTILBERT);

  /** MPNet (Song et al., arXiv:2004.09297). */
  static final BertVariant MPNET =
      new BertVariant(
          defaults(30527, 512, 1, 0),
          Map.of(),
          true,
          TokenTypes.NONE,
          true,
          ENCODER,
          BlockNames.MPNET);

  private static Map<String, Object> defaults(
      int vocabulary, int positions, int padding, int tokenTypes) {
    return Map.of(
        "hidden_size", 768,
        "num_hidden_layers", 12,
        "num_attention_heads", 12,
        "intermediate_size", 3072,
        "vocab_size", vocabulary,
        "max_position_embeddings", positions,
        "pad_token_id", padding,
        "type_vocab_size", tokenTypes,
        "relative_attention_num_buckets", 32);
  }
}
