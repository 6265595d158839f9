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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The vision tower of CLIP ViT-B/32 as the hub publishes it, with random weights. */
final class RandomClip {
  private static final int WIDTH = 768;
  private static final int INNER = 3072;
  private static final int LAYERS = 12;
  private static final int PATCH = 32;
  private static final int TOKENS = 50;
  private static final int DIMENSION = 512;
  private static final double DEVIATION = 0.02;
  private static final int BUFFER_BYTES = 1 << 20;

  private final Map<String, StreamedTensor> tensors = new LinkedHashMap<>();
  private final SplittableRandom seeds = new SplittableRandom(32);

  private RandomClip() {}

  /** Writes configuration, processor and weights (351 MB) into a folder. */
  static Path writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["CLIPVisionModelWithProjection"], "model_type": "clip_vision_model",
         "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
         "num_attention_heads": 12, "image_size": 224, "patch_size": 32, "projection_dim": 512,
         "hidden_act": "quick_gelu", "layer_norm_eps": 1e-05}
        """);
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        """
        {"image_processor_type": "CLIPImageProcessor", "do_resize": true,
         "size": {"shortest_edge": 224}, "resample": 3, "do_center_crop": true,
         "crop_size": {"height": 224, "width": 224}, "do_rescale": true,
         "rescale_factor": 0.00392156862745098, "do_normalize": true, "do_convert_rgb": true,
         "image_mean": [0.48145466, 0.4578275, 0.40821073],
         "image_std": [0.26862954, 0.26130258, 0.27577711]}
        """);
    RandomClip model = new RandomClip();
    model.addTensors();
    SafetensorsWriter.writeStreamed(folder.resolve("model.safetensors"), model.tensors);
    return folder;
  }

  private void addTensors() {
    String embeddings = "vision_model.embeddings.";
    random(embeddings + "class_embedding", WIDTH);
    random(embeddings + "patch_embedding.weight", WIDTH, 3, PATCH, PATCH);
    random(embeddings + "position_embedding.weight", TOKENS, WIDTH);
    norm("vision_model.pre_layrnorm");
    for (int layer = 0; layer < LAYERS; layer++) {
      String block = "vision_model.encoder.layers." + layer + ".";
      for (String part : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
        linear(block + "self_attn." + part, WIDTH, WIDTH);
      }
      norm(block + "layer_norm1");
      linear(block + "mlp.fc1", INNER, WIDTH);
      linear(block + "mlp.fc2", WIDTH, INNER);
      norm(block + "layer_norm2");
    }
    norm("vision_model.post_layernorm");
    random("visual_projection.weight", DIMENSION, WIDTH);
  }

  private void linear(String name, long out, long in) {
    random(name + ".weight", out, in);
    random(name + ".bias", out);
  }

  private void norm(String name) {
    add(name + ".weight", Shape.of(WIDTH), 1, 0);
    add(name + ".bias", Shape.of(WIDTH), 0, DEVIATION);
  }

  private void random(String name, long... dimensions) {
    add(name, Shape.of(dimensions), 0, DEVIATION);
  }

  private void add(String name, Shape shape, double mean, double deviation) {
    SplittableRandom random = seeds.split();
    tensors.put(
        name,
        new StreamedTensor(
            ElementType.FLOAT32,
            shape,
            channel -> {
              ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
              for (long left = shape.elements(); left > 0; ) {
                long count = Math.min(left, buffer.capacity() / Float.BYTES);
                for (long i = 0; i < count; i++) {
                  buffer.putFloat((float) (mean + deviation * random.nextGaussian()));
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                  channel.write(buffer);
                }
                buffer.clear();
                left -= count;
              }
            }));
  }
}
