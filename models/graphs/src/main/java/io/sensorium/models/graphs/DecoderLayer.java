package io.sensorium.models.graphs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the attention of one layer differs from that of others. Immutable.
 *
 * @param window how many tokens back a token sees, itself included; 0 for all
 * @param rotary its positions; empty for a layer without
 */
record DecoderLayer(int window, Optional<RotarySettings> rotary) {
  static final String SLIDING = "sliding_attention";
  static final String FULL = "full_attention";

  /** The layers of a checkpoint, first to last. */
  static List<DecoderLayer> read(CheckedConfig config, DecoderVariant variant) {
    int layers = config.layers("num_hidden_layers");
    List<DecoderLayer> plan = new ArrayList<>();
    Map<Boolean, RotarySettings> rotaries = new HashMap<>();
    for (int layer = 0; layer < layers; layer++) {
      boolean sliding = isSliding(config, variant, layer);
      Optional<RotarySettings> rotary =
          hasPositions(config, variant, layer)
              ? Optional.of(
                  rotaries.computeIfAbsent(sliding, key -> rotary(config, variant, sliding)))
              : Optional.empty();
      plan.add(new DecoderLayer(sliding ? config.size("sliding_window") : 0, rotary));
    }
    return List.copyOf(plan);
  }

  private static boolean isSliding(CheckedConfig config, DecoderVariant variant, int layer) {
    List<String> types = config.words("layer_types");
    if (!types.isEmpty()) {
      if (types.size() <= layer || !(SLIDING + FULL).contains(types.get(layer))) {
        config.reject("layer_types", "%s or %s for every layer".formatted(SLIDING, FULL));
        return false;
      }
      return types.get(layer).equals(SLIDING);
    }
    return switch (variant.sliding()) {
      case NONE -> false;
      case ALL -> config.has("sliding_window");
      case LAST ->
          config.flag("use_sliding_window", false)
              && config.has("sliding_window")
              && layer >= config.index("max_window_layers");
      case PATTERN ->
          (layer + 1) % config.size("sliding_window_pattern", variant.slidingPattern()) != 0;
    };
  }

  private static boolean hasPositions(CheckedConfig config, DecoderVariant variant, int layer) {
    if (!variant.skipsRotary()) {
      return true;
    }
    List<Double> uses = config.decimals("no_rope_layers", List.of());
    int interval = config.size("no_rope_layer_interval", 4);
    return uses.size() <= layer ? (layer + 1) % interval != 0 : uses.get(layer) != 0;
  }

  private static RotarySettings rotary(
      CheckedConfig config, DecoderVariant variant, boolean sliding) {
    return variant.rotaryByLayer()
        ? RotarySettings.readByLayer(config, sliding)
        : RotarySettings.read(config);
  }
}
