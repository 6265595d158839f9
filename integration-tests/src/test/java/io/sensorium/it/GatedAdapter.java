package io.sensorium.it;

import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.checkpoints.SafetensorsWriter.FloatTensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * A zero-gated adapter of random weights, and what it adds to layers, computed loop by loop from
 * the description in docs/model-package.md.
 */
final class GatedAdapter {
  private static final int EMBEDDING = 128;
  private static final int WIDTH = 24;
  private static final int HIDDEN = 10;
  private static final double EPSILON = 1e-6;

  /** Loud enough that a trained model says something else. */
  private static final double LOUDNESS = 2.5;

  private final int layers;
  private final int heads;
  private final int keyHeads;
  private final int headSize;
  private final Map<String, FloatTensor> weights = new LinkedHashMap<>();

  GatedAdapter(long seed, int layers, int heads, int keyHeads, int headSize) {
    this.layers = layers;
    this.heads = heads;
    this.keyHeads = keyHeads;
    this.headSize = headSize;
    Random random = new Random(seed);
    add(random, "proj.weight", WIDTH, EMBEDDING);
    add(random, "proj.bias", WIDTH);
    add(random, "norm_1.weight", WIDTH);
    add(random, "f1_1.weight", HIDDEN, WIDTH);
    add(random, "f3_1.weight", HIDDEN, WIDTH);
    add(random, "f2_1.weight", WIDTH, HIDDEN);
    add(random, "prefix_query.weight", layers, WIDTH);
    for (int layer = 0; layer < layers; layer++) {
      add(random, "layers.%d.gate".formatted(layer), heads);
      add(random, "layers.%d.v_proj.weight".formatted(layer), (long) keyHeads * headSize, WIDTH);
    }
  }

  private void add(Random random, String name, long... shape) {
    float[] values = new float[(int) Shape.of(shape).elements()];
    double scale = shape.length > 1 ? LOUDNESS / Math.sqrt((double) shape[1]) : 1;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    weights.put(name, new FloatTensor(shape, values));
  }

  /** Writes it as a checkpoint for pictures of the world's encoder. */
  void write(Path folder, String languageModel) throws IOException {
    Files.writeString(
        Files.createDirectories(folder).resolve("config.json"),
        """
        {"model_type": "projection", "kind": "zero_gated", "features": "embedding",
         "modality": "image", "encoder": "world-image", "space": "world@1", "language_model": "%s",
         "embedding_width": %d, "output_width": %d, "hidden_width": %d, "blocks": 1,
         "layers": %d, "heads": %d, "key_heads": %d, "head_size": %d}
        """
            .formatted(languageModel, EMBEDDING, WIDTH, HIDDEN, layers, heads, keyHeads, headSize));
    SafetensorsWriter.write(folder.resolve("model.safetensors"), weights, Map.of());
  }

  /** What is added for an item, {@code [layers, heads * headSize]}. */
  Tensor additions(FloatBuffer embedding) {
    float[] item = new float[EMBEDDING];
    embedding.get(embedding.position(), item);
    double[] stream = new double[WIDTH];
    double[] seen = times("proj.weight", widened(item));
    for (int i = 0; i < WIDTH; i++) {
      stream[i] = seen[i] + weights.get("proj.bias").values()[i];
    }
    double[] normed = normed(stream);
    double[] gate = times("f1_1.weight", normed);
    double[] inner = times("f3_1.weight", normed);
    for (int i = 0; i < HIDDEN; i++) {
      inner[i] *= gate[i] / (1 + Math.exp(-gate[i]));
    }
    double[] more = times("f2_1.weight", inner);
    float[] added = new float[layers * heads * headSize];
    for (int layer = 0; layer < layers; layer++) {
      double[] read = new double[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        read[i] =
            stream[i] + more[i] + weights.get("prefix_query.weight").values()[layer * WIDTH + i];
      }
      double[] values = times("layers.%d.v_proj.weight".formatted(layer), read);
      float[] gates = weights.get("layers.%d.gate".formatted(layer)).values();
      for (int head = 0; head < heads; head++) {
        int keyHead = head / (heads / keyHeads);
        for (int i = 0; i < headSize; i++) {
          added[(layer * heads + head) * headSize + i] =
              (float) (Math.tanh(gates[head]) * values[keyHead * headSize + i]);
        }
      }
    }
    return Tensor.ofFloats(Shape.of(layers, (long) heads * headSize), added);
  }

  private double[] normed(double[] stream) {
    double squares = 0;
    for (double component : stream) {
      squares += component * component;
    }
    double[] normed = new double[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      normed[i] =
          stream[i]
              / Math.sqrt(squares / WIDTH + EPSILON)
              * weights.get("norm_1.weight").values()[i];
    }
    return normed;
  }

  private double[] times(String name, double[] x) {
    float[] matrix = weights.get(name).values();
    double[] product = new double[matrix.length / x.length];
    for (int row = 0; row < product.length; row++) {
      for (int i = 0; i < x.length; i++) {
        product[row] += matrix[row * x.length + i] * x[i];
      }
    }
    return product;
  }

  private static double[] widened(float[] narrow) {
    double[] wide = new double[narrow.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = narrow[i];
    }
    return wide;
  }
}
