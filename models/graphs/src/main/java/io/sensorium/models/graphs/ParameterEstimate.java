package io.sensorium.models.graphs;

import io.sensorium.api.model.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many parameters a transformer has, by formula from its configuration alone. Immutable.
 *
 * <p>With d the width, L the layers, V the vocabulary, f the inner width: an embedding of V d, or
 * of patches; and in each layer attention 4 d^2 (less where heads share keys and values),
 * feed-forward 2 d f + d + f (3 d f where it is gated), norms 2 x 2 d. Biases of projections,
 * positions and heads are left out. Towers in nested configurations are added up.
 *
 * @param sizes one a tower
 */
record ParameterEstimate(List<Sizes> sizes) {
  private static final List<String> NESTED =
      List.of("vision_config", "text_config", "audio_config", "encoder", "decoder");
  private static final List<String> GATED =
      List.of("llama", "mistral", "mixtral", "qwen2", "qwen3", "gemma", "phi3", "olmo");

  /** A tower's sizes; zero where it has no such thing. */
  record Sizes(
      long embedding, long width, long layers, long inner, long heads, long shared, boolean gated) {
    private long parameters() {
      long head = heads == 0 ? width : width / heads;
      long attention =
          shared == heads
              ? 4 * width * width
              : width * (heads + 2 * shared) * head + heads * head * width;
      long forward = gated ? 3 * width * inner : 2 * width * inner + width + inner;
      return embedding + layers * (attention + forward + 4 * width);
    }
  }

  /** Reads a configuration, which may say nothing of this. */
  static ParameterEstimate of(Settings config) {
    List<Sizes> nested = NESTED.stream().flatMap(key -> sizes(config, key + ".").stream()).toList();
    return new ParameterEstimate(nested.isEmpty() ? sizes(config, "") : nested);
  }

  /** The number; empty if the configuration does not say enough. */
  OptionalLong parameters() {
    return sizes.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(sizes.stream().mapToLong(Sizes::parameters).sum());
  }

  private static List<Sizes> sizes(Settings config, String prefix) {
    OptionalInt width = first(config, prefix, "hidden_size", "d_model", "n_embd");
    OptionalInt layers =
        first(config, prefix, "num_hidden_layers", "encoder_layers", "n_layer", "num_layers");
    if (width.isEmpty() || layers.isEmpty()) {
      return List.of();
    }
    int d = width.getAsInt();
    int heads =
        first(config, prefix, "num_attention_heads", "encoder_attention_heads", "n_head").orElse(0);
    String type = config.text(prefix + "model_type", "").toLowerCase(Locale.ROOT);
    return List.of(
        new Sizes(
            embedding(config, prefix, d),
            d,
            layers.getAsInt(),
            first(config, prefix, "intermediate_size", "encoder_ffn_dim", "n_inner")
                .orElse(config.integer(prefix + "mlp_ratio", 4) * d),
            heads,
            first(config, prefix, "num_key_value_heads").orElse(heads),
            GATED.stream().anyMatch(type::startsWith)
                || config.flag(prefix + "use_swiglu_ffn", false)));
  }

  private static long embedding(Settings config, String prefix, long width) {
    OptionalInt vocabulary = first(config, prefix, "vocab_size");
    OptionalInt patch = first(config, prefix, "patch_size");
    if (patch.isPresent()) {
      boolean sound = config.find(prefix + "num_mel_bins").isPresent();
      long channels = first(config, prefix, "num_channels").orElse(sound ? 1 : 3);
      return channels * patch.getAsInt() * patch.getAsInt() * width;
    }
    return vocabulary.orElse(0) * width;
  }

  private static OptionalInt first(Settings config, String prefix, String... names) {
    Stream<String> keys = Arrays.stream(names).map(name -> prefix + name);
    return keys.filter(key -> config.find(key).filter(Number.class::isInstance).isPresent())
        .flatMapToInt(key -> IntStream.of(config.integer(key)))
        .filter(value -> value > 0)
        .findFirst();
  }
}
