package io.sensorium.models.graphs;

import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import java.util.List;
import java.util.Locale;

/**
 * What a language model keeps of a sequence, from its configuration. Immutable.
 *
 * @param cacheBytesPerToken {@code 2 * KV heads * head size * layers} numbers in float16; 0 unless
 *     it is a decoder with attention
 * @param stateBytes of a recurrent model in float32, independent of the length; 0 for others
 */
record SequenceMemory(long cacheBytesPerToken, long stateBytes) {
  private static final SequenceMemory NONE = new SequenceMemory(0, 0);
  private static final int HALF_BYTES = ElementType.FLOAT16.bytes();
  private static final int FLOAT_BYTES = ElementType.FLOAT32.bytes();

  /** Keys and values. */
  private static final int CACHED = 2;

  /** RWKV-4 keeps five vectors a layer: two shifted inputs, numerator, denominator, maximum. */
  private static final int RWKV_VECTORS = 5;

  static SequenceMemory of(Settings config) {
    long layers = number(config, "num_hidden_layers", 0);
    long width = number(config, "hidden_size", 0);
    return switch (config.text("model_type", "").toLowerCase(Locale.ROOT)) {
      case "rwkv" -> state(layers * RWKV_VECTORS * number(config, "attention_hidden_size", width));
      case "mamba" -> state(layers * mamba(config, width));
      case "mamba2" -> state(layers * mamba2(config, width));
      default -> isDecoder(config) ? cache(config, layers, width) : NONE;
    };
  }

  private static SequenceMemory state(long floats) {
    return new SequenceMemory(0, FLOAT_BYTES * floats);
  }

  private static SequenceMemory cache(Settings config, long layers, long width) {
    long heads = number(config, "num_attention_heads", 1);
    long size = number(config, "head_dim", width / Math.max(1, heads));
    long shared = number(config, "num_key_value_heads", heads);
    return new SequenceMemory(CACHED * shared * size * layers * HALF_BYTES, 0);
  }

  private static boolean isDecoder(Settings config) {
    return config.find("architectures").orElse(List.of()) instanceof List<?> names
        && names.stream().anyMatch(name -> name.toString().endsWith("ForCausalLM"));
  }

  /** Inner width times what the convolution keeps and the state's size. */
  private static long mamba(Settings config, long width) {
    long inner = number(config, "intermediate_size", number(config, "expand", 2) * width);
    return inner * (number(config, "conv_kernel", 4) - 1 + number(config, "state_size", 16));
  }

  private static long mamba2(Settings config, long width) {
    long inner = number(config, "expand", 2) * width;
    long state = number(config, "state_size", 128);
    long convolved = inner + 2 * number(config, "n_groups", 1) * state;
    return convolved * (number(config, "conv_kernel", 4) - 1) + inner * state;
  }

  private static long number(Settings config, String key, long otherwise) {
    return config.find(key).orElse(otherwise) instanceof Number found
        ? found.longValue()
        : otherwise;
  }
}
