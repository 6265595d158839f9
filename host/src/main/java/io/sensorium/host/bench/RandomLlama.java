package io.sensorium.host.bench;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.checkpoints.SafetensorsWriter.StreamedTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** Llama checkpoints of usual sizes with random weights in float32. */
public enum RandomLlama {
  /** A model to try the benchmark with. */
  TINY("20m", 512, 1408, 4, 8, 4),
  SMALL("160m", 768, 3072, 12, 12, 12),
  LARGE("1b", 2048, 5632, 22, 32, 4);

  static final int VOCABULARY = 32_000;
  private static final int POSITIONS = 2048;
  private static final double DEVIATION = 0.02;

  /** What blocks add is small, so that rounding it in int4 stays within what imports allow. */
  private static final double ADDED_DEVIATION = 0.0001;

  private static final int DRAWN_FLOATS = 1 << 18;

  private final String label;
  private final int width;
  private final int inner;
  private final int layers;
  private final int heads;
  private final int keyHeads;

  RandomLlama(String label, int width, int inner, int layers, int heads, int keyHeads) {
    this.label = label;
    this.width = width;
    this.inner = inner;
    this.layers = layers;
    this.heads = heads;
    this.keyHeads = keyHeads;
  }

  /** What users write, for instance {@code 160m}. */
  public String label() {
    return label;
  }

  /**
   * Reads a label.
   *
   * @throws IllegalArgumentException if there is no such size
   */
  public static RandomLlama parse(String label) {
    List<String> labels = Arrays.stream(values()).map(RandomLlama::label).toList();
    return Arrays.stream(values())
        .filter(size -> size.label.equals(label.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a size must be one of %s; got '%s'".formatted(labels, label)));
  }

  /** Bytes of keys and values in float32 that each token of a sequence has. */
  long cacheBytesPerToken() {
    return 2L * layers * keyHeads * (width / heads) * Float.BYTES;
  }

  /** Writes configuration and weights into a folder; holds no tensor in memory. */
  public Path writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
         "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
         "num_attention_heads": %d, "num_key_value_heads": %d, "vocab_size": %d,
         "max_position_embeddings": %d, "rms_norm_eps": 1e-05, "rope_theta": 10000.0,
         "tie_word_embeddings": false, "bos_token_id": 1, "eos_token_id": 2}
        """
            .formatted(width, inner, layers, heads, keyHeads, VOCABULARY, POSITIONS));
    SafetensorsWriter.writeStreamed(folder.resolve("model.safetensors"), tensors());
    return folder;
  }

  private Map<String, StreamedTensor> tensors() {
    Map<String, StreamedTensor> tensors = new LinkedHashMap<>();
    long keyWidth = (long) keyHeads * (width / heads);
    matrix(tensors, "model.embed_tokens", VOCABULARY, width);
    for (int layer = 0; layer < layers; layer++) {
      String block = "model.layers." + layer + ".";
      matrix(tensors, block + "self_attn.q_proj", width, width);
      matrix(tensors, block + "self_attn.k_proj", keyWidth, width);
      matrix(tensors, block + "self_attn.v_proj", keyWidth, width);
      add(tensors, block + "self_attn.o_proj", Shape.of(width, width), 0, ADDED_DEVIATION);
      matrix(tensors, block + "mlp.gate_proj", inner, width);
      matrix(tensors, block + "mlp.up_proj", inner, width);
      add(tensors, block + "mlp.down_proj", Shape.of(width, inner), 0, ADDED_DEVIATION);
      norm(tensors, block + "input_layernorm");
      norm(tensors, block + "post_attention_layernorm");
    }
    norm(tensors, "model.norm");
    matrix(tensors, "lm_head", VOCABULARY, width);
    return tensors;
  }

  private static void matrix(
      Map<String, StreamedTensor> tensors, String name, long rows, long columns) {
    add(tensors, name, Shape.of(rows, columns), 0, DEVIATION);
  }

  private void norm(Map<String, StreamedTensor> tensors, String name) {
    add(tensors, name, Shape.of(width), 1, 0);
  }

  private static void add(
      Map<String, StreamedTensor> tensors,
      String name,
      Shape shape,
      double mean,
      double deviation) {
    tensors.put(
        name + ".weight",
        new StreamedTensor(
            ElementType.FLOAT32,
            shape,
            channel -> {
              // Numbers come again and again: speed does not depend on them, and drawing takes
              // long.
              SplittableRandom random = new SplittableRandom(name.hashCode());
              long elements = shape.elements();
              int drawn = (int) Math.min(elements, DRAWN_FLOATS);
              ByteBuffer numbers =
                  ByteBuffer.allocateDirect(drawn * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
              for (int i = 0; i < drawn; i++) {
                numbers.putFloat((float) (mean + deviation * random.nextGaussian()));
              }
              for (long left = elements * Float.BYTES; left > 0; ) {
                numbers.rewind().limit((int) Math.min(left, drawn * (long) Float.BYTES));
                left -= numbers.limit();
                while (numbers.hasRemaining()) {
                  channel.write(numbers);
                }
              }
            }));
  }
}
