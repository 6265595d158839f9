package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appends heads to the real MiniLM and checks them against the formulas in plain Java. */
class SentenceGraphTest {
  private static final int WIDTH = 384;
  private static final int MIDDLE = 20;
  private static final int DIMENSION = 7;
  private static final long SEED = 31;

  @TempDir Path root;
  private Path checkpointFolder;

  @BeforeEach
  void unpackTransformer() throws IOException {
    checkpointFolder = Files.createDirectories(root.resolve("checkpoint"));
    Files.createDirectories(checkpointFolder.resolve("onnx"));
    try (InputStream model = getClass().getResourceAsStream("/all-minilm-l6-v2-q.onnx")) {
      Files.copy(model, checkpointFolder.resolve("onnx/model.onnx"));
    }
  }

  @Test
  void poolsProjectsAndNormalises() throws IOException, OrtException {
    float[] up = writeDense("2_Dense", WIDTH, MIDDLE, "GELU");
    float[] down = writeDense("3_Dense", MIDDLE, DIMENSION, "Identity");
    writeModules(
        "Transformer ''",
        "Pooling 1_Pooling",
        "Normalize 4_Normalize",
        "Dense 2_Dense",
        "Dense 3_Dense",
        "Normalize 5_Normalize");
    Map<String, Tensor> inputs = tokens(3, 9);
    try (CheckpointFolder checkpoint = CheckpointFolder.open(checkpointFolder)) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      assertThat(graph.inputs())
          .extracting("name")
          .containsExactly("input_ids", "attention_mask", "token_type_ids");
      assertThat(graph.outputs().get(0).name()).isEqualTo("sentence_embedding");
      assertThat(graph.outputs().get(0).shape()).isEqualTo(Shape.of(-1, DIMENSION));
      assertThat(graph.weightFiles())
          .containsExactly("2_Dense/model.safetensors", "3_Dense/model.safetensors");
      float[][] pooled = pooledByHand(inputs);
      try (OnnxRun run =
          OnnxRun.open(graph, checkpoint, Files.createDirectory(root.resolve("p")))) {
        Tensor actual = run.run(inputs).get("sentence_embedding");
        float[] expected = new float[3 * DIMENSION];
        for (int row = 0; row < 3; row++) {
          float[] hidden = dense(unit(pooled[row]), up, MIDDLE);
          for (int i = 0; i < MIDDLE; i++) {
            hidden[i] *= (float) (0.5 * (1 + erf(hidden[i] / Math.sqrt(2))));
          }
          float[] last = unit(dense(hidden, down, DIMENSION));
          System.arraycopy(last, 0, expected, row * DIMENSION, DIMENSION);
        }
        Difference difference =
            Difference.between(actual, Tensor.ofFloats(Shape.of(3, DIMENSION), expected));
        assertThat(difference.maxAbs()).as("seed %d", SEED).isLessThan(1e-5);
      }
    }
  }

  @Test
  void outputIsAsLongAsThePoolingMakesItWithoutANormalizeModule() throws IOException, OrtException {
    writeModules("Transformer ''", "Pooling 1_Pooling");
    Map<String, Tensor> inputs = tokens(2, 5);
    try (CheckpointFolder checkpoint = CheckpointFolder.open(checkpointFolder);
        OnnxRun run =
            OnnxRun.open(
                GraphAuthor.author(checkpoint).graphs().getFirst(),
                checkpoint,
                Files.createDirectory(root.resolve("p")))) {
      Tensor actual = run.run(inputs).get("sentence_embedding");
      float[][] pooled = pooledByHand(inputs);
      for (int i = 0; i < WIDTH; i++) {
        assertThat(actual.asFloats().get(WIDTH + i)).isCloseTo(pooled[1][i], within(1e-6f));
      }
    }
  }

  /**
   * MiniLM's export takes one scale for a batch; the graph must not. Sums of floats may round
   * otherwise in another batch, and a rounding that flips in the first layer grows in the next.
   */
  @Test
  void aSentenceIsTheSameAloneAndAmongLongerOnes() throws IOException, OrtException {
    writeModules("Transformer ''", "Pooling 1_Pooling", "Normalize 2_Normalize");
    int rows = 8;
    Map<String, Tensor> inputs = tokens(rows, 24);
    try (CheckpointFolder checkpoint = CheckpointFolder.open(checkpointFolder)) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      assertThat(graph.calibration()).containsExactly(Map.entry("row_scales", 36));
      try (OnnxRun run =
          OnnxRun.open(graph, checkpoint, Files.createDirectory(root.resolve("p")))) {
        Tensor together = run.run(inputs).get("sentence_embedding");
        for (int row = 0; row < rows; row++) {
          Tensor alone = run.run(cut(inputs, row, 24 - row)).get("sentence_embedding");
          assertThat(Difference.between(alone, together.row(row)).cosine())
              .as("row %d of seed %d", row, SEED)
              .isGreaterThan(0.9995);
        }
      }
    }
  }

  /** One row without its padding. */
  private static Map<String, Tensor> cut(Map<String, Tensor> inputs, int row, int length) {
    Map<String, Tensor> cut = new HashMap<>();
    inputs.forEach(
        (name, tensor) -> {
          long[] values = new long[length];
          tensor.row(row).asLongs().get(values);
          cut.put(name, Tensor.ofLongs(Shape.of(1, length), values));
        });
    return cut;
  }

  /** As Sentence-Transformers laid models out before version 2. */
  @Test
  void theTransformerMayLieInAFolderOfItsOwn() throws IOException, OrtException {
    Path original = Path.of("..", "reference", "sentence-mean", "checkpoint");
    Path moved = Files.createDirectories(root.resolve("moved"));
    Files.createDirectories(moved.resolve("0_Transformer"));
    Files.createDirectories(moved.resolve("1_Pooling"));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(original.resolve(file), moved.resolve("0_Transformer").resolve(file));
    }
    Files.copy(original.resolve("1_Pooling/config.json"), moved.resolve("1_Pooling/config.json"));
    Files.writeString(
        moved.resolve("modules.json"),
        Files.readString(original.resolve("modules.json"))
            .replace("\"path\": \"\"", "\"path\": \"0_Transformer\""));
    try (CheckpointFolder checkpoint = CheckpointFolder.open(moved);
        SafetensorsFile golden = SafetensorsFile.open(original.resolve("golden.safetensors"))) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      assertThat(graph.weightFiles()).containsExactly("0_Transformer/model.safetensors");
      Map<String, Tensor> inputs = new HashMap<>();
      graph.inputs().forEach(in -> inputs.put(in.name(), golden.tensor("input." + in.name())));
      Path empty = Files.createDirectory(root.resolve("p"));
      try (OnnxRun run = OnnxRun.open(graph, checkpoint, empty)) {
        Tensor actual = run.run(inputs).get("sentence_embedding");
        Tensor expected = golden.tensor("output.sentence_embedding");
        assertThat(Difference.between(actual, expected).maxAbs()).isLessThan(1e-5);
      }
    }
  }

  @Test
  void anExportThatComputesTheEmbeddingItselfIsLeftAlone() throws IOException {
    GraphBuilder whole = new GraphBuilder("whole");
    Value states = whole.input("token_embeddings", ElementType.FLOAT32, -1, -1, 4);
    Value first = new Operators(whole).token("first", states, 0);
    whole.output("last_hidden_state", states);
    whole.output("sentence_embedding", first);
    new AuthoredGraph("any", whole, Draft.Tower.of(Modality.TEXT))
        .writeTo(checkpointFolder.resolve("onnx/model.onnx"));
    writeModules("Transformer ''", "Pooling 1_Pooling", "Normalize 2_Normalize");
    try (CheckpointFolder checkpoint = CheckpointFolder.open(checkpointFolder)) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      assertThat(graph.outputs()).extracting("name").containsExactly("sentence_embedding");
      assertThat(graph.authored().getGraph().getNodeCount())
          .isEqualTo(whole.build().getGraph().getNodeCount());
    }
  }

  @Test
  void whatIsNotSupportedIsListed() throws IOException {
    writeDense("2_Dense", WIDTH + 1, MIDDLE, "Swoosh");
    writeModules("Transformer ''", "Pooling 1_Pooling", "Dense 2_Dense", "LSTM 3_LSTM");
    Files.writeString(
        checkpointFolder.resolve("1_Pooling/config.json"),
        "{\"pooling_mode\":[\"mean\", \"median\"]}");
    try (CheckpointFolder checkpoint = CheckpointFolder.open(checkpointFolder)) {
      assertThatThrownBy(() -> GraphAuthor.author(checkpoint))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("lasttoken]; got 'median'")
          .hasMessageContaining("in_features must be 768; got 385")
          .hasMessageContaining("'torch.nn.modules.activation.Swoosh'")
          .hasMessageContaining("'linear.weight' must be [20,768]; got [20,385]")
          .hasMessageContaining("kind=LSTM");
    }
    Files.write(checkpointFolder.resolve("onnx/model.onnx"), new byte[] {9, 9, 9});
    try (CheckpointFolder checkpoint = CheckpointFolder.open(checkpointFolder)) {
      assertThatThrownBy(() -> GraphAuthor.author(checkpoint))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("not a readable ONNX model");
    }
    Files.delete(checkpointFolder.resolve("onnx/model.onnx"));
    try (CheckpointFolder checkpoint = CheckpointFolder.open(checkpointFolder)) {
      assertThatThrownBy(() -> GraphAuthor.author(checkpoint))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("model_type of [bert, roberta")
          .hasMessageContaining("ONNX export as one of [onnx/model.onnx");
    }
  }

  /** The transformer alone, as the graph begins with it. */
  private Path transformer() throws IOException {
    Path file = root.resolve("transformer.onnx");
    try (CheckpointFolder checkpoint = CheckpointFolder.open(checkpointFolder)) {
      OnnxExport export = OnnxExport.read(checkpoint, "onnx/model.onnx").withRowScales();
      GraphBuilder graph = export.extend(Map.of());
      graph.keepOutput(export.output("last_hidden_state", 3).orElseThrow());
      new AuthoredGraph("transformer", graph, Draft.Tower.of(Modality.TEXT)).writeTo(file);
    }
    return file;
  }

  private float[][] pooledByHand(Map<String, Tensor> inputs) throws IOException, OrtException {
    try (OnnxRun plain = OnnxRun.open(transformer())) {
      Tensor hidden = plain.run(inputs).get("last_hidden_state");
      int rows = (int) hidden.shape().dimension(0);
      int length = (int) hidden.shape().dimension(1);
      float[][] pooled = new float[rows][WIDTH];
      for (int row = 0; row < rows; row++) {
        int count = 0;
        for (int token = 0; token < length; token++) {
          if (inputs.get("attention_mask").asLongs().get(row * length + token) == 0) {
            continue;
          }
          count++;
          for (int i = 0; i < WIDTH; i++) {
            pooled[row][i] += hidden.asFloats().get((row * length + token) * WIDTH + i);
          }
        }
        for (int i = 0; i < WIDTH; i++) {
          pooled[row][i] /= count;
        }
      }
      return pooled;
    }
  }

  /** Rows of differing lengths, padded on the right. */
  private static Map<String, Tensor> tokens(int rows, int length) {
    Random random = new Random(SEED);
    Shape shape = Shape.of(rows, length);
    Tensor ids = Tensor.ofLongs(shape, new long[rows * length]);
    Tensor mask = Tensor.ofLongs(shape, new long[rows * length]);
    for (int row = 0; row < rows; row++) {
      for (int token = 0; token < length - row; token++) {
        ids.asLongs().put(row * length + token, 1000 + random.nextInt(20000));
        mask.asLongs().put(row * length + token, 1);
      }
    }
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("input_ids", ids);
    inputs.put("attention_mask", mask);
    inputs.put("token_type_ids", Tensor.ofLongs(shape, new long[rows * length]));
    return inputs;
  }

  private static float[] unit(float[] x) {
    double squares = 0;
    for (float value : x) {
      squares += value * value;
    }
    float[] result = x.clone();
    for (int i = 0; i < x.length; i++) {
      result[i] /= (float) Math.sqrt(squares);
    }
    return result;
  }

  /** {@code W x + b} with weights [out, in] followed by biases. */
  private static float[] dense(float[] x, float[] weights, int out) {
    float[] result = new float[out];
    for (int row = 0; row < out; row++) {
      double sum = weights[out * x.length + row];
      for (int i = 0; i < x.length; i++) {
        sum += (double) weights[row * x.length + i] * x[i];
      }
      result[row] = (float) sum;
    }
    return result;
  }

  /** The error function by its Maclaurin series, good for the small arguments here. */
  private static double erf(double x) {
    double sum = 0;
    double term = x;
    for (int n = 0; n < 60; n++) {
      sum += term / (2 * n + 1);
      term *= -x * x / (n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private float[] writeDense(String name, int in, int out, String activation) throws IOException {
    Path folder = Files.createDirectories(checkpointFolder.resolve(name));
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"in_features": %d, "out_features": %d, "bias": true,
         "activation_function": "torch.nn.modules.activation.%s"}
        """
            .formatted(in, out, activation));
    float[] values = new float[out * in + out];
    Random random = new Random(SEED + in);
    String header =
        """
        {"linear.weight":{"dtype":"F32","shape":[%d,%d],"data_offsets":[0,%d]},\
        "linear.bias":{"dtype":"F32","shape":[%d],"data_offsets":[%d,%d]}}"""
            .formatted(out, in, 4 * out * in, out, 4 * out * in, 4 * values.length);
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * (in == WIDTH ? 1 : 0.3));
      bytes.putFloat(values[i]);
    }
    Files.write(folder.resolve("model.safetensors"), bytes.array());
    return values;
  }

  private void writeModules(String... modules) throws IOException {
    Files.createDirectories(checkpointFolder.resolve("1_Pooling"));
    Files.writeString(
        checkpointFolder.resolve("1_Pooling/config.json"),
        "{\"pooling_mode_mean_tokens\":true,\"pooling_mode_cls_token\":false}");
    StringBuilder json = new StringBuilder("[");
    for (String module : modules) {
      String[] parts = module.split(" ", 2);
      json.append(json.length() > 1 ? "," : "")
          .append("{\"type\":\"sentence_transformers.models.%s\",".formatted(parts[0]))
          .append("\"path\":\"%s\"}".formatted(parts[1].replace("''", "")));
    }
    Files.writeString(checkpointFolder.resolve("modules.json"), json.append("]"));
  }
}
