package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoders whose weights are in blocks. */
class DecoderPrecisionTest {
  private static final long SEED = 20261121;

  /** The weights in the repository that were trained to say something. */
  private static final Path TRAINED =
      Path.of("..", "defaults", "src", "main", "checkpoints", "lm-default");

  @TempDir Path folder;

  static List<Path> decoders() throws IOException {
    return DecoderFamilyTest.decoders();
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void computesInInt8WhatFloatsDoWithTheSameRoundedWeights(Path path) throws Exception {
    agreesWithUnpackedWeights(path, Precision.INT8);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void computesInInt4WhatFloatsDoWithTheSameRoundedWeights(Path path) throws Exception {
    agreesWithUnpackedWeights(path, Precision.INT4);
  }

  /** What is left is the input of every layer in int8; these models' attention is very sharp. */
  private void agreesWithUnpackedWeights(Path path, Precision precision) throws Exception {
    long[] ids = randomIds(1, 24);
    Tensor quantised = logits(path, precision, ids);
    Tensor expected = logits(unpacked(path, precision), Precision.FLOAT32, ids);

    Difference difference = Difference.between(quantised, expected);
    assertThat(difference.cosine()).as("%s, %s", path, difference).isGreaterThan(0.97);
  }

  @Test
  void aTrainedModelIsHardlyMoreSurprisedByItsOwnWords() throws Exception {
    long[] ids = spoken(64);
    double exact = surprise(logits(TRAINED, Precision.FLOAT32, ids), ids);
    double bytes = surprise(logits(TRAINED, Precision.INT8, ids), ids);
    double halfBytes = surprise(logits(TRAINED, Precision.INT4, ids), ids);

    // In nats a token; measured 0.8337, 0.8340 and 0.8363.
    assertThat(bytes).isLessThan(exact + 0.02);
    assertThat(halfBytes).isLessThan(exact + 0.25);
  }

  @Test
  void aTableThatIsMultipliedAsWellIsStoredOnce() throws Exception {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(TRAINED)) {
      AuthoredModel model = GraphAuthor.author(checkpoint, Precision.INT8);
      Path target = Files.createTempDirectory(folder, "package");
      model.converted().orElseThrow().writeTo(target);
      try (SafetensorsFile file = SafetensorsFile.open(target.resolve("weights.safetensors"))) {
        assertThat(file.names())
            .contains("model.embed_tokens.weight.int8", "model.embed_tokens.weight.scale")
            .doesNotContain("model.embed_tokens.weight", "lm_head.weight.int8");
        assertThat(file.names())
            .filteredOn(name -> name.endsWith("norm.weight"))
            .isNotEmpty()
            .allMatch(name -> file.tensor(name).type() == ElementType.FLOAT32);
      }
    }
  }

  /** The checkpoint with every matrix rounded to what its blocks stand for. */
  private Path unpacked(Path path, Precision precision) throws IOException {
    Path target = Files.createTempDirectory(folder, "unpacked");
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path);
        SafetensorsFile original = SafetensorsFile.open(path.resolve("model.safetensors"))) {
      GraphAuthor.author(checkpoint, precision).converted().orElseThrow().writeTo(target);
      Map<String, Tensor> weights = new HashMap<>();
      try (SafetensorsFile file = SafetensorsFile.open(target.resolve("weights.safetensors"))) {
        for (String name : original.names()) {
          weights.put(name, rounded(file, name, original.tensor(name)));
        }
        SafetensorsWriter.writeTensors(target.resolve("model.safetensors"), weights, Map.of());
      }
    }
    Files.copy(path.resolve("config.json"), target.resolve("config.json"));
    return target;
  }

  private static Tensor rounded(SafetensorsFile file, String name, Tensor original) {
    for (String values : file.names()) {
      String stored = values.replaceFirst("\\.int[48]$", "");
      List<String> together = List.of(stored.split("\\+"));
      if (!stored.equals(values) && together.contains(name)) {
        return rounded(file, values, stored, together.indexOf(name), together, original);
      }
    }
    // Tables that are only looked up lose less to float16 than anything here can tell.
    return original;
  }

  /** One of the weights that lie one after the other. */
  private static Tensor rounded(
      SafetensorsFile file,
      String values,
      String stored,
      int number,
      List<String> together,
      Tensor original) {
    int bits = values.endsWith("4") ? 4 : 8;
    Shape shape = file.tensor(values).shape();
    int columns = (int) original.shape().dimension(1);
    int rows = (int) shape.dimension(0);
    float[] all =
        UnpackedBlocks.of(
            file.tensor(values).data().asByteBuffer(),
            file.tensor(stored + ".scale").asFloats(),
            rows,
            columns,
            bits,
            (int) shape.dimension(2) * 8 / bits);
    int own = (int) original.shape().dimension(0);
    // Of three, query, key and value, the last two have as many rows; of two, both have.
    int first = number == 0 ? 0 : rows - (together.size() - number) * own;
    return Tensor.ofFloats(
        original.shape(), Arrays.copyOfRange(all, first * columns, (first + own) * columns));
  }

  private Tensor logits(Path path, Precision precision, long[] ids)
      throws IOException, OrtException {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path)) {
      AuthoredModel model = GraphAuthor.author(checkpoint, precision);
      AuthoredGraph graph = model.graphs().getFirst();
      Path target = Files.createTempDirectory(folder, "package");
      model.converted().ifPresent(weights -> weights.writeTo(target));
      try (OnnxRun run = OnnxRun.open(graph, checkpoint, target)) {
        return run.run(inputs(graph, ids)).get("logits");
      }
    }
  }

  private static Map<String, Tensor> inputs(AuthoredGraph graph, long[] ids) {
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("input_ids", Tensor.ofLongs(Shape.of(1, ids.length), ids));
    inputs.put("attention_mask", Tensor.ofLongs(Shape.of(1, ids.length), mask));
    for (TensorSpec input : graph.inputs()) {
      inputs.computeIfAbsent(input.name(), name -> RecordedNames.emptyPast(input, inputs));
    }
    return inputs;
  }

  /** What the trained model says first, token by token. */
  private long[] spoken(int tokens) throws IOException, OrtException {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(TRAINED)) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      Path target = Files.createTempDirectory(folder, "package");
      try (OnnxRun run = OnnxRun.open(graph, checkpoint, target)) {
        Random random = new Random(SEED);
        long[] ids = {1};
        while (ids.length < tokens) {
          double[] chances = chances(run.run(inputs(graph, ids)).get("logits"), ids.length - 1);
          double drawn = random.nextDouble();
          int token = 0;
          for (double sum = chances[0]; sum < drawn && token < chances.length - 1; token++) {
            sum += chances[token + 1];
          }
          ids = Arrays.copyOf(ids, ids.length + 1);
          ids[ids.length - 1] = token;
        }
        return ids;
      }
    }
  }

  /** The mean negative log-likelihood of every token but the first. */
  private static double surprise(Tensor logits, long[] ids) {
    double sum = 0;
    for (int at = 1; at < ids.length; at++) {
      sum -= Math.log(chances(logits, at - 1)[(int) ids[at]]);
    }
    return sum / (ids.length - 1);
  }

  private static double[] chances(Tensor logits, int position) {
    int vocabulary = (int) logits.shape().dimension(2);
    FloatBuffer all = logits.asFloats();
    double[] chances = new double[vocabulary];
    double largest = Double.NEGATIVE_INFINITY;
    for (int token = 0; token < vocabulary; token++) {
      chances[token] = all.get(position * vocabulary + token);
      largest = Math.max(largest, chances[token]);
    }
    double sum = 0;
    for (int token = 0; token < vocabulary; token++) {
      chances[token] = Math.exp(chances[token] - largest);
      sum += chances[token];
    }
    for (int token = 0; token < vocabulary; token++) {
      chances[token] /= sum;
    }
    return chances;
  }

  private static long[] randomIds(int from, int count) {
    return new Random(SEED).longs(count, from, 200).toArray();
  }
}
