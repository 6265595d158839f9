package io.sensorium.backend.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.importer.CheckpointImporter;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Decoders of every family, imported from recorded checkpoints, on a runtime of their own. */
abstract class DecoderFixture {
  static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  static final int PROMPT = 9;

  @TempDir Path folder;

  final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(5)));
  final TransformerBackend backend = new TransformerBackend(runtime, runtime);

  @AfterEach
  void close() {
    runtime.close();
  }

  static List<String> decoders() throws IOException {
    try (Stream<Path> cases = Files.list(REFERENCE)) {
      return cases
          .map(path -> path.getFileName().toString())
          .filter(name -> name.matches("(llama|mistral|qwen|smollm|gemma).*"))
          .sorted()
          .toList();
    }
  }

  /** A matrix {@code [rows, width]} times a row. */
  static float[] product(Tensor matrix, Tensor row) {
    float[] result = new float[(int) matrix.shape().dimension(0)];
    int width = (int) matrix.shape().dimension(1);
    for (int i = 0; i < result.length; i++) {
      for (int j = 0; j < width; j++) {
        result[i] += matrix.asFloats().get(i * width + j) * row.asFloats().get(j);
      }
    }
    return result;
  }

  long reserved() {
    return runtime.report().devices().getFirst().reservedBytes();
  }

  /** The logits of a text that is read anew, in a place that others give up. */
  static float[] fresh(LanguageModel model, List<Sequence> ended, List<Integer> tokens) {
    ended.forEach(Sequence::close);
    try (Sequence sequence = model.begin()) {
      List<Integer> first = tokens.subList(0, tokens.size() - 1);
      extend(model, sequence, first);
      return extend(model, sequence, List.of(tokens.getLast()));
    }
  }

  static float[] extend(LanguageModel model, Sequence sequence, List<Integer> tokens) {
    return model
        .extend(List.of(new Extension(sequence, tokens)), soon())
        .getFirst()
        .logits()
        .array();
  }

  static void assertClose(float[] actual, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-3f));
    }
  }

  LanguageModel open(String name, int sequences) throws IOException {
    return backend.open(imported(name), new SequenceLimits(sequences, 4096), soon());
  }

  ModelPackage imported(String name) throws IOException {
    return new CheckpointImporter(runtime)
        .importCheckpoint(checkpoint(name), folder.resolve(name), ImportRequest.of(name));
  }

  static Path checkpoint(String name) {
    return REFERENCE.resolve(name).resolve("checkpoint");
  }

  static long[][] rows(Tensor tensor) {
    int columns = (int) tensor.shape().dimension(1);
    long[][] rows = new long[(int) tensor.shape().dimension(0)][columns];
    for (int row = 0; row < rows.length; row++) {
      tensor.asLongs().get(row * columns, rows[row]);
    }
    return rows;
  }

  static List<Integer> ids(long[] row, int from, int to) {
    return Arrays.stream(row, from, to).mapToInt(id -> (int) id).boxed().toList();
  }

  static int largest(float[] logits) {
    int best = 0;
    for (int token = 1; token < logits.length; token++) {
      best = logits[token] > logits[best] ? token : best;
    }
    return best;
  }

  static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(60));
  }
}
