package io.sensorium.models.training.adapters;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.StoredTensor;
import io.sensorium.models.training.DecoderShape;
import io.sensorium.models.training.Parameter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A language model that gradients pass through and that stays as it is. Immutable; the arrays are
 * shared.
 *
 * @param weights in the order of {@link DecoderShape#slots}
 */
public record FrozenDecoder(DecoderShape shape, List<Parameter> weights) {
  private static final Set<String> FAMILIES = Set.of("llama", "mistral", "qwen2", "qwen3");
  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat SINGLE =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  public FrozenDecoder {
    weights = List.copyOf(weights);
    if (weights.size() != shape.slots().size()) {
      throw new IllegalArgumentException(
          "%d weights were required; got %d".formatted(shape.slots().size(), weights.size()));
    }
  }

  /**
   * Reads a checkpoint of {@code llama}, {@code mistral}, {@code qwen2} or {@code qwen3}.
   *
   * @param folder with {@code config.json} and weights in floating point
   * @throws ModelLoadException if it is of another family or has what these do not
   */
  public static FrozenDecoder read(Path folder) {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      DecoderShape shape = shape(checkpoint.config(), folder);
      Map<String, StoredTensor> stored = checkpoint.weights();
      var weights = new ArrayList<Parameter>();
      for (DecoderShape.Slot slot : shape.slots()) {
        weights.add(weight(stored, slot, folder));
      }
      return new FrozenDecoder(shape, weights);
    }
  }

  /** The root mean square of the token embeddings, which an adapter's rows should have too. */
  public double embeddingScale() {
    float[] table = weights.getFirst().values();
    double squares = 0;
    for (float value : table) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares / table.length);
  }

  private static DecoderShape shape(Settings config, Path folder) {
    String family = config.text("model_type");
    require(FAMILIES.contains(family), folder, "model_type", "one of " + FAMILIES, family);
    require(
        config.text("hidden_act", "silu").equals("silu"),
        folder,
        "hidden_act",
        "silu",
        config.find("hidden_act"));
    String rotary =
        config.text("rope_scaling.rope_type", config.text("rope_scaling.type", "default"));
    require(rotary.equals("default"), folder, "rope_scaling", "none", rotary);
    boolean biased = config.flag("attention_bias", false) || config.flag("mlp_bias", false);
    require(!biased, folder, "attention_bias and mlp_bias", "false", true);
    // Lessons are much shorter than windows are.
    int heads = config.integer("num_attention_heads");
    int hidden = config.integer("hidden_size");
    return new DecoderShape(
        config.integer("vocab_size"),
        hidden,
        config.integer("intermediate_size"),
        config.integer("num_hidden_layers"),
        heads,
        config.integer("num_key_value_heads", heads),
        config.integer("head_dim", hidden / heads),
        config.decimal("rms_norm_eps", 1e-6),
        config.decimal("rope_theta", config.decimal("rope_parameters.rope_theta", 10_000)),
        family.equals("qwen2"),
        family.equals("qwen3"),
        config.flag("tie_word_embeddings", false));
  }

  private static void require(
      boolean met, Path folder, String setting, String required, Object found) {
    if (!met) {
      Object value = found instanceof Optional<?> optional ? optional.orElse(null) : found;
      throw new ModelLoadException(
          "an adapter can be trained for a model whose %s is %s; found %s (model %s)"
              .formatted(setting, required, value, folder));
    }
  }

  private static Parameter weight(
      Map<String, StoredTensor> stored, DecoderShape.Slot slot, Path folder) {
    StoredTensor found = stored.get(slot.name());
    if (found == null) {
      throw new ModelLoadException(
          "the model %s has no weight '%s'".formatted(folder, slot.name()));
    }
    Tensor tensor = found.tensor();
    long[] dimensions =
        LongStream.range(0, tensor.shape().rank())
            .map(axis -> tensor.shape().dimension((int) axis))
            .toArray();
    if (!Arrays.equals(dimensions, slot.shape())) {
      throw new ModelLoadException(
          "'%s' must be %s; got %s (model %s)"
              .formatted(slot.name(), Arrays.toString(slot.shape()), tensor.shape(), folder));
    }
    return new Parameter(slot.name(), slot.shape(), floats(tensor, slot.name(), folder));
  }

  private static float[] floats(Tensor tensor, String name, Path folder) {
    MemorySegment data = tensor.data();
    var values = new float[Math.toIntExact(tensor.shape().elements())];
    for (int at = 0; at < values.length; at++) {
      values[at] =
          switch (tensor.type()) {
            case FLOAT32 -> data.getAtIndex(SINGLE, at);
            case FLOAT16 -> Float.float16ToFloat(data.getAtIndex(HALF, at));
            case BFLOAT16 -> Float.intBitsToFloat(data.getAtIndex(HALF, at) << Short.SIZE);
            default ->
                throw new ModelLoadException(
                    "'%s' must be of floating point; got %s (model %s)"
                        .formatted(name, tensor.type(), folder));
          };
    }
    return values;
  }
}
