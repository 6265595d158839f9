package io.sensorium.models.graphs;

/**
 * The sizes of a plain transformer encoder.
 *
 * @param width of the residual stream, a multiple of {@code heads}
 * @param layers how many blocks
 * @param heads attention heads per block
 * @param inner width of the feed-forward layer
 * @param activation between the feed-forward layers
 * @param epsilon of every layer norm
 */
record EncoderShape(
    int width, int layers, int heads, int inner, Activation activation, double epsilon) {

  /** Reads the keys that transformers' encoders share. */
  static EncoderShape read(CheckedConfig config, String defaultActivation, double defaultEpsilon) {
    return read(config, config.size("intermediate_size"), defaultActivation, defaultEpsilon);
  }

  /** As above, where the inner width has another key. */
  static EncoderShape read(
      CheckedConfig config, int inner, String defaultActivation, double defaultEpsilon) {
    int width = config.size("hidden_size");
    int heads = config.size("num_attention_heads");
    if (width % heads != 0) {
      config.reject("num_attention_heads", "a divisor of hidden_size");
    }
    return new EncoderShape(
        width,
        config.layers("num_hidden_layers"),
        heads,
        inner,
        config.activation("hidden_act", defaultActivation),
        config.decimal("layer_norm_eps", defaultEpsilon));
  }

  EncoderShape withActivation(Activation other) {
    return new EncoderShape(width, layers, heads, inner, other, epsilon);
  }
}
