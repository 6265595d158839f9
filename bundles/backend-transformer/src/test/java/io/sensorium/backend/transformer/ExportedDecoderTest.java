package io.sensorium.backend.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.importer.CheckpointImporter;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Decoders that others exported, run as they are. */
@Timeout(120)
class ExportedDecoderTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  private static final int PROMPT = 9;
  private static final int VOCABULARY = 211;

  @TempDir Path folder;

  private final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(5)));

  /** Chunks of 4 tokens: prompts of 9 take three runs. */
  private final TransformerBackend backend = new TransformerBackend(runtime, runtime, 4);

  /** Whose export it is, and how its caches go on. */
  enum Export {
    OPTIMUM("export-decoder", false),
    GENAI_IN_ONE_BUFFER("export-genai", false),
    GENAI_GROWING("export-genai", true);

    private final String name;
    private final boolean splitBuffers;

    Export(String name, boolean splitBuffers) {
      this.name = name;
      this.splitBuffers = splitBuffers;
    }
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  @ParameterizedTest
  @EnumSource
  void continuesSequencesTogetherAsTransformersDoes(Export export) throws IOException {
    List<List<Integer>> wanted = greedy(export);
    try (LanguageModel model = open(export, 2)) {
      Sequence first = model.begin();
      Sequence second = model.begin();
      List<Integer> one = new ArrayList<>(wanted.get(0).subList(0, PROMPT));
      // The second has a longer way behind it.
      List<Integer> two = new ArrayList<>(wanted.get(1).subList(0, PROMPT + 7));
      one.add(extend(model, first, one));
      two.add(extend(model, second, two));
      while (two.size() < wanted.get(1).size()) {
        List<Prediction> predictions =
            model.extend(
                List.of(
                    new Extension(second, List.of(two.getLast())),
                    new Extension(first, List.of(one.getLast()))),
                soon());
        two.add(largest(predictions.get(0).logits()));
        one.add(largest(predictions.get(1).logits()));
      }

      assertThat(one).isEqualTo(wanted.get(0).subList(0, one.size()));
      assertThat(two).isEqualTo(wanted.get(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void forksForgetsAndMovesWhatSequencesRemember(Export export) throws IOException {
    List<Integer> wanted = greedy(export).get(0);
    try (LanguageModel model = open(export, 2)) {
      Sequence first = model.begin();
      extend(model, first, wanted.subList(0, 20));
      extend(model, first, List.of(5, 6, 7));
      assertThat(first.truncate(15)).isTrue();
      Sequence second = first.fork();
      extend(model, first, List.of(3));
      // The second takes the place of the first.
      first.close();
      int next = extend(model, second, wanted.subList(15, 21));

      assertThat(next).isEqualTo(wanted.get(21));
      assertThat(extend(model, second, List.of(next))).isEqualTo(wanted.get(22));
    }
  }

  @ParameterizedTest
  @EnumSource
  void exchangesIdsPositionsAndLogitsAlone(Export export) throws IOException {
    try (LanguageModel model = open(export, 1)) {
      Sequence sequence = model.begin();
      extend(model, sequence, List.of(5, 6, 7));
      long before = model.exchangedBytes();
      extend(model, sequence, List.of(8));

      long positions = export == Export.OPTIMUM ? Long.BYTES : 0;
      assertThat(model.exchangedBytes() - before)
          .isEqualTo(Long.BYTES + positions + VOCABULARY * Float.BYTES);
    }
  }

  @Test
  void keepsGraphAndWeightsAndTheConfigurationThatCameWithThem() throws IOException {
    ModelPackage model = importExport(Export.GENAI_IN_ONE_BUFFER);

    assertThat(model.manifest().task()).isEqualTo(ModelManifest.GENERATION);
    assertThat(model.manifest().architecture()).isEqualTo("llama");
    Path original = REFERENCE.resolve("export-genai").resolve("checkpoint");
    for (String file : List.of("model.onnx.data", "genai_config.json")) {
      assertThat(model.file(file)).hasSameBinaryContentAs(original.resolve(file));
    }
  }

  @Test
  void namesWhatAnExportDoesNotSay() throws IOException {
    Path copy = copy("export-genai");
    Files.delete(copy.resolve("genai_config.json"));
    assertThatThrownBy(() -> imported(copy))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("config.json or genai_config.json must say the longest context");
  }

  private LanguageModel open(Export export, int sequences) throws IOException {
    return backend.open(importExport(export), new SequenceLimits(sequences, 64), soon());
  }

  private ModelPackage importExport(Export export) throws IOException {
    Path checkpoint = copy(export.name);
    if (export.splitBuffers) {
      Path config = checkpoint.resolve("genai_config.json");
      String shared = Files.readString(config);
      String split =
          shared.replace(
              "\"past_present_share_buffer\": true", "\"past_present_share_buffer\": false");
      assertThat(split).isNotEqualTo(shared);
      Files.writeString(config, split);
    }
    return imported(checkpoint);
  }

  private ModelPackage imported(Path checkpoint) throws IOException {
    Path target = Files.createTempDirectory(folder, "packages").resolve("export");
    return new CheckpointImporter(runtime)
        .importCheckpoint(checkpoint, target, ImportRequest.of("export"));
  }

  private Path copy(String name) throws IOException {
    Path source = REFERENCE.resolve(name).resolve("checkpoint");
    Path target = Files.createTempDirectory(folder, name);
    try (var files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copied = target.resolve(source.relativize(file).toString());
        Files.createDirectories(copied.getParent());
        Files.copy(file, copied);
      }
    }
    return target;
  }

  private static List<List<Integer>> greedy(Export export) {
    Path file = REFERENCE.resolve(export.name).resolve("greedy.safetensors");
    try (SafetensorsFile recorded = SafetensorsFile.open(file)) {
      Tensor ids = recorded.tensor("greedy_ids");
      int length = (int) ids.shape().dimension(1);
      List<List<Integer>> rows = new ArrayList<>();
      for (int row = 0; row < ids.shape().dimension(0); row++) {
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < length; i++) {
          tokens.add((int) ids.asLongs().get(row * length + i));
        }
        rows.add(tokens);
      }
      return rows;
    }
  }

  private static int extend(LanguageModel model, Sequence sequence, List<Integer> tokens) {
    return largest(
        model.extend(List.of(new Extension(sequence, tokens)), soon()).getFirst().logits());
  }

  private static int largest(FloatBuffer logits) {
    int best = 0;
    for (int token = 1; token < logits.limit(); token++) {
      best = logits.get(token) > logits.get(best) ? token : best;
    }
    return best;
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(60));
  }
}
