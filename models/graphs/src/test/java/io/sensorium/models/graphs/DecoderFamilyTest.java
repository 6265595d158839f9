package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecoderFamilyTest {
  /** Names of the reference cases that are decoders. */
  static final String CASES = "(llama|mistral|qwen|smollm|gemma).*";

  private static final Path REFERENCE = Path.of("..", "reference");
  private static final int PROMPT = 9;

  @TempDir Path folder;

  static List<Path> decoders() throws IOException {
    try (Stream<Path> cases = Files.list(REFERENCE)) {
      return cases
          .filter(path -> path.getFileName().toString().matches(CASES))
          .map(path -> path.resolve("checkpoint"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void continuesGreedilyTokenByTokenAsTransformersDoes(Path path) throws Exception {
    try (SafetensorsFile golden = SafetensorsFile.open(path.resolve("golden.safetensors"));
        Decoder decoder = open(path)) {
      Tensor expected = golden.tensor("generate.greedy_ids");
      int sequences = (int) expected.shape().dimension(0);
      int length = (int) expected.shape().dimension(1);
      for (int sequence = 0; sequence < sequences; sequence++) {
        long[] wanted = new long[length];
        expected.asLongs().get(sequence * length, wanted);

        assertThat(decoder.greedy(Arrays.copyOf(wanted, PROMPT), length - PROMPT))
            .as("%s, prompt %d", path, sequence)
            .isEqualTo(wanted);
      }
    }
  }

  @Test
  void readsRowsThatTheCallerBringsWhereIdsAreNegative() throws Exception {
    Path path = REFERENCE.resolve("qwen2-tied/checkpoint");
    try (SafetensorsFile weights = SafetensorsFile.open(path.resolve("model.safetensors"));
        Decoder decoder = openWithRequired("inputs_embeds", path)) {
      Tensor table = weights.tensor("model.embed_tokens.weight");
      int width = (int) table.shape().dimension(1);
      float[] rows = new float[2 * width];
      table.asFloats().get(57 * width, rows, 0, width);
      table.asFloats().get(101 * width, rows, width, width);

      float[] plain =
          decoder.logits(
              new long[] {5, 101, 9, 57, 3},
              Map.of("inputs_embeds", Tensor.ofFloats(Shape.of(1, width), new float[width])));
      float[] mixed =
          decoder.logits(
              new long[] {5, -2, 9, -1, 3},
              Map.of("inputs_embeds", Tensor.ofFloats(Shape.of(2, width), rows)));

      assertThat(mixed).isEqualTo(plain);
    }
  }

  @Test
  void givesLogitsForAsManyLastTokensAsAreWanted() throws Exception {
    Path path = REFERENCE.resolve("llama-grouped/checkpoint");
    try (Decoder decoder = openWithRequired("logits_to_keep", path)) {
      long[] ids = {7, 8, 9, 10, 11};
      float[] all = decoder.logits(ids, Map.of("logits_to_keep", Tensor.ofLongs(Shape.of(1), 99)));
      float[] two = decoder.logits(ids, Map.of("logits_to_keep", Tensor.ofLongs(Shape.of(1), 2)));

      assertThat(two).hasSize(all.length / 5 * 2);
      assertThat(two).isEqualTo(Arrays.copyOfRange(all, all.length - two.length, all.length));
    }
  }

  @Test
  void readsTheOlderWordsOfConfigurations() throws Exception {
    Path path = REFERENCE.resolve("llama-scaled-tied/checkpoint");
    Path old =
        rewritten(
            path,
            config -> {
              ObjectNode rope = (ObjectNode) config.remove("rope_parameters");
              config.set("rope_theta", rope.remove("rope_theta"));
              rope.set("type", rope.remove("rope_type"));
              config.set("rope_scaling", rope);
            });
    try (Decoder newer = open(path);
        Decoder older = open(old)) {
      long[] ids = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};

      assertThat(older.logits(ids, Map.of())).isEqualTo(newer.logits(ids, Map.of()));
    }
  }

  @Test
  void namesWhatItCannotHonour() throws Exception {
    Path path =
        rewritten(
            REFERENCE.resolve("llama-grouped/checkpoint"),
            config -> {
              config.putObject("rope_parameters").put("rope_type", "longrope");
              config.put("num_key_value_heads", 4);
              config.put("hidden_act", "swoosh");
            });
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path)) {
      assertThatThrownBy(() -> GraphAuthor.author(checkpoint))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("rope_type")
          .hasMessageContaining(
              "num_key_value_heads must be a divisor of num_attention_heads; got 4")
          .hasMessageContaining("swoosh");
    }
  }

  private Path rewritten(Path checkpoint, Consumer<ObjectNode> change) throws IOException {
    Path copy = Files.createTempDirectory(folder, "checkpoint");
    Files.copy(checkpoint.resolve("model.safetensors"), copy.resolve("model.safetensors"));
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode config = (ObjectNode) mapper.readTree(checkpoint.resolve("config.json").toFile());
    change.accept(config);
    mapper.writeValue(copy.resolve("config.json").toFile(), config);
    return copy;
  }

  private Decoder open(Path path) throws IOException, OrtException {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path)) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      Path place = Files.createTempDirectory(folder, "run");
      return new Decoder(graph, OnnxRun.open(graph, checkpoint, place));
    }
  }

  /** The official API feeds no input that has a default, so it loses its default here. */
  private Decoder openWithRequired(String input, Path path) throws IOException, OrtException {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path)) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      OnnxMl.ModelProto.Builder model = graph.authored().toBuilder();
      List<OnnxMl.TensorProto> kept =
          model.getGraph().getInitializerList().stream()
              .filter(tensor -> !tensor.getName().equals(input))
              .toList();
      model.getGraphBuilder().clearInitializer().addAllInitializer(kept);
      Path place = Files.createTempDirectory(folder, "run");
      Files.copy(path.resolve("model.safetensors"), place.resolve("model.safetensors"));
      Files.write(place.resolve("model.onnx"), model.build().toByteArray());
      return new Decoder(graph, OnnxRun.open(place.resolve("model.onnx")));
    }
  }

  /** Decodes as naively as can be: the cache travels from run to run. */
  private record Decoder(AuthoredGraph graph, OnnxRun run) implements AutoCloseable {
    float[] logits(long[] ids, Map<String, Tensor> extra) throws OrtException {
      Map<String, Tensor> inputs = new HashMap<>(extra);
      inputs.putAll(fed(ids, ids.length));
      past(inputs);
      FloatBuffer logits = run.run(inputs).get("logits").asFloats();
      float[] values = new float[logits.remaining()];
      logits.get(values);
      return values;
    }

    long[] greedy(long[] prompt, int tokens) throws OrtException {
      long[] ids = Arrays.copyOf(prompt, prompt.length + tokens);
      Map<String, Tensor> inputs = new HashMap<>(fed(prompt, prompt.length));
      past(inputs);
      for (int next = prompt.length; next < ids.length; next++) {
        Map<String, Tensor> outputs = run.run(inputs);
        ids[next] = largest(outputs.get("logits"));
        inputs = new HashMap<>(fed(new long[] {ids[next]}, next + 1));
        for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
          if (output.getKey().startsWith("present.")) {
            inputs.put(output.getKey().replace("present.", "past_key_values."), output.getValue());
          }
        }
      }
      return ids;
    }

    private static Map<String, Tensor> fed(long[] ids, int total) {
      long[] mask = new long[total];
      Arrays.fill(mask, 1);
      return Map.of(
          "input_ids",
          Tensor.ofLongs(Shape.of(1, ids.length), ids),
          "attention_mask",
          Tensor.ofLongs(Shape.of(1, total), mask));
    }

    private void past(Map<String, Tensor> inputs) {
      for (TensorSpec input : graph.inputs()) {
        if (input.name().startsWith("past_key_values.")) {
          inputs.put(input.name(), RecordedNames.emptyPast(input, inputs));
        }
      }
    }

    private static long largest(Tensor logits) {
      int vocabulary = (int) logits.shape().dimension(2);
      int from = (int) (logits.shape().elements() - vocabulary);
      FloatBuffer values = logits.asFloats();
      int best = 0;
      for (int token = 1; token < vocabulary; token++) {
        best = values.get(from + token) > values.get(from + best) ? token : best;
      }
      return best;
    }

    @Override
    public void close() throws OrtException {
      run.close();
    }
  }
}
