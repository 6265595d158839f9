package io.sensorium.models.graphs;

/**
 * What a family calls the parts of a transformer block, behind the block's own prefix.
 *
 * @param attentionNorm before the attention or, in post-norm blocks, after it
 * @param query a linear layer, as the ones up to {@code attentionOut}; where query, key and value
 *     have one name, they are packed under it as torch's {@code MultiheadAttention} does
 * @param key likewise
 * @param value likewise
 * @param attentionOut likewise
 * @param feedForwardNorm before the feed-forward layers or, in post-norm blocks, after them
 * @param up the first feed-forward layer
 * @param down the second
 */
record BlockNames(
    String attentionNorm,
    String query,
    String key,
    String value,
    String attentionOut,
    String feedForwardNorm,
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

  /** DINOv2. */
  static final BlockNames DINOV2 = dinov2("mlp.fc1", "mlp.fc2");

  /** DINOv2 with gated feed-forward layers. */
  static final BlockNames DINOV2_GATED = dinov2("mlp.weights_in", "mlp.weights_out");

  private static BlockNames dinov2(String up, String down) {
    return new BlockNames(
        "norm1",
        "attention.attention.query",
        "attention.attention.key",
        "attention.attention.value",
        "attention.output.dense",
        "norm2",
        up,
        down);
  }

  /** DistilBERT. */
  static final BlockNames DISTILBERT =
      new BlockNames(
          "sa_layer_norm",
          "attention.q_lin",
          "attention.k_lin",
          "attention.v_lin",
          "attention.out_lin",
          "output_layer_norm",
          "ffn.lin1",
          "ffn.lin2");

  /** MPNet. */
  static final BlockNames MPNET =
      new BlockNames(
          "attention.LayerNorm",
          "attention.attn.q",
          "attention.attn.k",
          "attention.attn.v",
          "attention.attn.o",
          "output.LayerNorm",
          "intermediate.dense",
          "output.dense");

  /** BERT and RoBERTa. */
  static final BlockNames BERT =
      new BlockNames(
          "attention.output.LayerNorm",
          "attention.self.query",
          "attention.self.key",
          "attention.self.value",
          "attention.output.dense",
          "output.LayerNorm",
          "intermediate.dense",
          "output.dense");

  /** CLIP, SigLIP. */
  static final BlockNames CLIP =
      new BlockNames(
          "layer_norm1",
          "self_attn.q_proj",
          "self_attn.k_proj",
          "self_attn.v_proj",
          "self_attn.out_proj",
          "layer_norm2",
          "mlp.fc1",
          "mlp.fc2");

  /** OpenCLIP. */
  static final BlockNames OPEN_CLIP =
      new BlockNames(
          "ln_1",
          "attn.in_proj",
          "attn.in_proj",
          "attn.in_proj",
          "attn.out_proj",
          "ln_2",
          "mlp.c_fc",
          "mlp.c_proj");

  /** ImageBind. */
  static final BlockNames IMAGEBIND =
      new BlockNames(
          "norm_1",
          "attn.in_proj",
          "attn.in_proj",
          "attn.in_proj",
          "attn.out_proj",
          "norm_2",
          "mlp.fc1",
          "mlp.fc2");

  /** Answers whether query, key and value are one tensor. */
  boolean packed() {
    return query.equals(key) && key.equals(value);
  }
}
