package io.sensorium.models.graphs;

import java.util.List;

/**
 * The sizes of a decoder. Immutable.
 *
 * @param vocabulary tokens it knows
 * @param width of the residual stream
 * @param inner width of the feed-forward layer
 * @param heads of queries
 * @param keyHeads of keys and values; each serves the same number of query heads (Ainslie et al.,
 *     arXiv:2305.13245)
 * @param headSize channels of a head, even
 * @param positions that a sequence may have
 * @param activation of the gate
 * @param epsilon of every norm
 * @param scale of query times key
 * @param scoreCap what scores are squashed to by tanh; 0 for no cap
 * @param logitCap likewise of logits
 * @param layers first to last
 */
record DecoderShape(
    int vocabulary,
    int width,
    int inner,
    int heads,
    int keyHeads,
    int headSize,
    int positions,
    Activation activation,
    double epsilon,
    double scale,
    double scoreCap,
    double logitCap,
    List<DecoderLayer> layers) {

  static DecoderShape read(CheckedConfig config, DecoderVariant variant) {
    int width = config.size("hidden_size");
    int heads = config.size("num_attention_heads");
    int keyHeads = config.size("num_key_value_heads", heads);
    if (heads % keyHeads != 0) {
      config.reject("num_key_value_heads", "a divisor of num_attention_heads");
    }
    if (!config.has("head_dim") && width % heads != 0) {
      config.reject("num_attention_heads", "a divisor of hidden_size, unless there is head_dim");
    }
    int headSize = config.size("head_dim", Math.max(1, width / heads));
    if (headSize % 2 != 0) {
      config.reject("head_dim", "even");
    }
    if (config.flag("use_bidirectional_attention", false)) {
      config.reject("use_bidirectional_attention", "false");
    }
    double scale =
        1 / Math.sqrt(variant.gemma() ? config.decimal("query_pre_attn_scalar", 256) : headSize);
    return new DecoderShape(
        config.size("vocab_size"),
        width,
        config.size("intermediate_size"),
        heads,
        keyHeads,
        headSize,
        config.size("max_position_embeddings"),
        variant.gemma()
            ? config.activation("hidden_activation", "gelu_pytorch_tanh")
            : config.activation("hidden_act", "silu"),
        config.decimal("rms_norm_eps", 1e-6),
        scale,
        variant.gemma() ? config.decimal("attn_logit_softcapping", 0) : 0,
        variant.gemma() ? config.decimal("final_logit_softcapping", 0) : 0,
        DecoderLayer.read(config, variant));
  }
}
