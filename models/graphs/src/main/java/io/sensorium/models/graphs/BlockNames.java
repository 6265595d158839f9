package io.sensorium.models.graphs;

/** What a family calls the parts of a transformer block, behind the block's own prefix. */
record BlockNames(
    String normBefore,
    String query,
    String key,
    String value,
    String attentionOut,
    String normAfter,
    String up,
    String down) {

  /** ViT and the audio spectrogram transformer. */
  static final BlockNames VIT =
      new BlockNames(
          "layernorm_before",
          "attention.attention.query",
          "attention.attention.key",
          "attention.attention.value",
          "attention.output.dense",
          "layernorm_after",
          "intermediate.dense",
          "output.dense");
}
