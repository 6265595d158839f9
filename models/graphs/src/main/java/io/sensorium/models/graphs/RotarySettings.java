package io.sensorium.models.graphs;

import java.util.Map;
import java.util.Set;

/**
 * Rotary positions (Su et al., arXiv:2104.09864) and how they are stretched beyond the length that
 * a model was trained on. Immutable.
 *
 * @param theta the base of the frequencies
 * @param type {@code default}, {@code linear}, {@code dynamic}, {@code yarn} or {@code llama3}
 * @param scaling the other settings
 * @param positions that a sequence may have
 */
record RotarySettings(double theta, String type, CheckedConfig scaling, int positions) {
  private static final Set<String> TYPES = Set.of("default", "linear", "dynamic", "yarn", "llama3");
  private static final double USUAL_THETA = 10_000;
  private static final double YARN_FAST = 32;
  private static final double YARN_SLOW = 1;
  private static final double YARN_MAGNITUDE = 0.1;

  /**
   * Reads the form of transformers 5, {@code rope_parameters}, or the older {@code rope_theta} and
   * {@code rope_scaling}.
   */
  static RotarySettings read(CheckedConfig config) {
    if (config.has("rope_parameters")) {
      return of(
          config.nested("rope_parameters"), config, config.decimal("rope_theta", USUAL_THETA));
    }
    return of(config.nested("rope_scaling"), config, config.decimal("rope_theta", USUAL_THETA));
  }

  /**
   * Gemma 3 has settings of its own for layers that see everything and for those with a window.
   *
   * @param sliding which of them
   */
  static RotarySettings readByLayer(CheckedConfig config, boolean sliding) {
    String kind = sliding ? DecoderLayer.SLIDING : DecoderLayer.FULL;
    if (config.has("rope_parameters") && config.nested("rope_parameters").has(kind)) {
      return of(config.nested("rope_parameters").nested(kind), config, USUAL_THETA);
    }
    if (sliding) {
      double theta = config.decimal("rope_local_base_freq", USUAL_THETA);
      return new RotarySettings(theta, "default", config, positions(config));
    }
    return read(config.orElse(Map.of("rope_theta", 1_000_000.0)));
  }

  private static RotarySettings of(CheckedConfig rope, CheckedConfig config, double theta) {
    String named = rope.text("rope_type", rope.text("type", "default"));
    if (!TYPES.contains(named)) {
      rope.reject("rope_type", "one of " + TYPES.stream().sorted().toList());
    }
    double partial =
        rope.decimal("partial_rotary_factor", config.decimal("partial_rotary_factor", 1));
    if (partial != 1) {
      config.reject("partial_rotary_factor", "1");
    }
    return new RotarySettings(
        rope.decimal("rope_theta", theta),
        named,
        rope.orElse(Map.of("max_position_embeddings", positions(config))),
        positions(config));
  }

  private static int positions(CheckedConfig config) {
    return config.size("max_position_embeddings");
  }

  /** The factor of cosines and sines, which YaRN makes larger than 1. */
  double magnitude() {
    if (!type.equals("yarn")) {
      return 1;
    }
    double factor = factor();
    if (scaling.has("attention_factor")) {
      return scaling.decimal("attention_factor", 1);
    }
    if (scaling.has("mscale") && scaling.has("mscale_all_dim")) {
      return magnitude(factor, scaling.decimal("mscale", 1))
          / magnitude(factor, scaling.decimal("mscale_all_dim", 1));
    }
    return magnitude(factor, 1);
  }

  private static double magnitude(double factor, double scale) {
    return factor <= 1 ? 1 : YARN_MAGNITUDE * scale * Math.log(factor) + 1;
  }

  private double factor() {
    return scaling.decimal("factor", 1);
  }

  /** Radians per position of every pair of channels. */
  double[] frequencies(int headSize) {
    double[] frequencies = new double[headSize / 2];
    for (int pair = 0; pair < frequencies.length; pair++) {
      double plain = Math.pow(theta, -2.0 * pair / headSize);
      frequencies[pair] =
          switch (type) {
            case "linear" -> plain / factor();
            case "yarn" -> yarn(plain, pair, headSize);
            case "llama3" -> llama3(plain);
            // Dynamic scaling begins beyond the positions that are kept here.
            default -> plain;
          };
    }
    return frequencies;
  }

  /** Peng et al., arXiv:2309.00071. */
  private double yarn(double plain, int pair, int headSize) {
    boolean whole = scaling.flag("truncate", true);
    double low = yarnPair(scaling.decimal("beta_fast", YARN_FAST), headSize);
    double high = yarnPair(scaling.decimal("beta_slow", YARN_SLOW), headSize);
    low = Math.max(0, whole ? Math.floor(low) : low);
    high = Math.min(headSize - 1.0, whole ? Math.ceil(high) : high);
    double width = low == high ? 0.001 : high - low;
    double interpolated = Math.clamp((pair - low) / width, 0, 1);
    return plain / factor() * interpolated + plain * (1 - interpolated);
  }

  /** The pair that turns so often within the original length. */
  private double yarnPair(double turns, int headSize) {
    return headSize * Math.log(original() / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
  }

  private double original() {
    return scaling.decimal(
        "original_max_position_embeddings", scaling.decimal("max_position_embeddings", positions));
  }

  /** Llama 3.1: long waves are stretched, short ones kept, those between mixed. */
  private double llama3(double plain) {
    double low = scaling.decimal("low_freq_factor", 1);
    double high = scaling.decimal("high_freq_factor", 4);
    double wave = 2 * Math.PI / plain;
    if (wave > original() / low) {
      return plain / factor();
    }
    if (wave < original() / high) {
      return plain;
    }
    double smooth = (original() / wave - low) / (high - low);
    return (1 - smooth) * plain / factor() + smooth * plain;
  }

  /** Cosines or sines of every position and pair, {@code [positions, headSize / 2]}. */
  float[] table(int headSize, boolean sines) {
    double[] frequencies = frequencies(headSize);
    double magnitude = magnitude();
    float[] table = new float[Math.multiplyExact(positions, frequencies.length)];
    for (int position = 0; position < positions; position++) {
      for (int pair = 0; pair < frequencies.length; pair++) {
        // The reference computes angles in float32.
        double angle = (float) position * (float) frequencies[pair];
        double value = sines ? Math.sin(angle) : Math.cos(angle);
        table[position * frequencies.length + pair] = (float) (value * magnitude);
      }
    }
    return table;
  }
}
