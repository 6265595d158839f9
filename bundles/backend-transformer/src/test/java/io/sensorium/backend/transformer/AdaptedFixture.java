package io.sensorium.backend.transformer;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.LoadedAdapter;
import io.sensorium.api.language.LowRankAdapter;
import io.sensorium.api.language.LowRankAdapter.Factors;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceAdditions;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.importer.CheckpointImporter;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.graphs.PeftAdapter;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Models with low-rank adapters, imported from recorded checkpoints, on a runtime of their own. */
abstract class AdaptedFixture {
  static final Path REFERENCE = Path.of("..", "..", "models", "reference");

  static final Path DEFAULT =
      Path.of("..", "..", "models", "defaults", "src", "main", "checkpoints", "lm-default");

  /** The bound that logits of the models themselves keep. */
  static final float TOLERANCE = 1e-3f;

  @TempDir Path folder;

  final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(5)));
  final TransformerBackend backend = new TransformerBackend(runtime, runtime);

  @AfterEach
  void close() {
    runtime.close();
  }

  static List<String> bases() throws IOException {
    try (Stream<Path> cases = Files.list(REFERENCE)) {
      return cases
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("lora-"))
          .map(name -> name.substring("lora-".length()))
          .sorted()
          .toList();
    }
  }

  LanguageModel openDefault(Precision precision, boolean adaptable) throws IOException {
    ModelPackage model =
        new CheckpointImporter(runtime)
            .importCheckpoint(
                DEFAULT,
                Files.createTempDirectory(folder, "default").resolve("package"),
                ImportRequest.of("default").with(precision, 0.95));
    return backend.open(model, limits(2, adaptable), soon());
  }

  /** What a random adapter of every linear layer adds to the logits. */
  static float[] change(LanguageModel model, List<Integer> ids) {
    AdaptableDecoder decoder =
        AdaptableDecoder.of(model.model().manifest().graphs().getFirst()).orElseThrow();
    SplittableRandom random = new SplittableRandom(7);
    Map<String, Factors> linears = new LinkedHashMap<>();
    for (String name : decoder.names()) {
      AdaptableDecoder.Size size = decoder.find(name).orElseThrow();
      linears.put(name, new Factors(drawn(random, 5, size.in()), drawn(random, 5, size.out())));
    }
    float[] without = fresh(model, SequenceAdditions.NONE, ids);
    try (LoadedAdapter adapter = model.load(new LowRankAdapter("random", linears), soon())) {
      float[] change = fresh(model, with(adapter), ids);
      for (int i = 0; i < change.length; i++) {
        change[i] -= without[i];
      }
      return change;
    }
  }

  static Tensor drawn(SplittableRandom random, int rows, int width) {
    float[] numbers = new float[rows * width];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (0.04 * random.nextGaussian());
    }
    return Tensor.ofFloats(Shape.of(rows, width), numbers);
  }

  static LoadedAdapter load(LanguageModel model, String linear, Factors factors) {
    return model.load(new LowRankAdapter("odd 1", Map.of(linear, factors)), soon());
  }

  static Factors factors(int rank, int in, int out) {
    return new Factors(
        Tensor.ofFloats(Shape.of(rank, in), new float[rank * in]),
        Tensor.ofFloats(Shape.of(rank, out), new float[rank * out]));
  }

  static int ranks(LowRankAdapter adapter) {
    return adapter.linears().values().stream().mapToInt(Factors::rank).sum();
  }

  static SequenceAdditions with(LoadedAdapter adapter) {
    return new SequenceAdditions(Optional.of(adapter), Optional.empty());
  }

  static float[] fresh(LanguageModel model, SequenceAdditions additions, List<Integer> ids) {
    try (Sequence sequence = model.begin(additions)) {
      return extend(model, sequence, ids);
    }
  }

  static float[] extend(LanguageModel model, Sequence sequence, List<Integer> ids) {
    return model.extend(List.of(new Extension(sequence, ids)), soon()).getFirst().logits().array();
  }

  static double cosine(float[] one, float[] other) {
    double product = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < one.length; i++) {
      product += one[i] * (double) other[i];
      left += one[i] * (double) one[i];
      right += other[i] * (double) other[i];
    }
    return product / Math.sqrt(left * right);
  }

  long reserved() {
    return runtime.report().devices().getFirst().reservedBytes();
  }

  LanguageModel open(String base, int sequences) throws IOException {
    return backend.open(imported(base), limits(sequences, true), soon());
  }

  static SequenceLimits limits(int sequences, boolean adaptable) {
    return new SequenceLimits(sequences, 64, adaptable);
  }

  ModelPackage imported(String base) throws IOException {
    return imported(base, Precision.FLOAT32);
  }

  ModelPackage imported(String base, Precision precision) throws IOException {
    Path target = Files.createTempDirectory(folder, base).resolve("package");
    return new CheckpointImporter(runtime)
        .importCheckpoint(
            REFERENCE.resolve(base).resolve("checkpoint"),
            target,
            ImportRequest.of(base).with(precision, 0.95));
  }

  static LowRankAdapter adapter(LanguageModel model, String base, String name) {
    AdaptableDecoder decoder =
        AdaptableDecoder.of(model.model().manifest().graphs().getFirst()).orElseThrow();
    try (CheckpointFolder peft =
        CheckpointFolder.open(REFERENCE.resolve("lora-" + base).resolve(name))) {
      return PeftAdapter.read(peft, decoder, name + " 1");
    }
  }

  static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(60));
  }

  /** What the reference says. */
  record Recorded(SafetensorsFile file) implements AutoCloseable {
    Recorded(String base) {
      this(SafetensorsFile.open(REFERENCE.resolve("lora-" + base).resolve("golden.safetensors")));
    }

    Tensor vectors() {
      return file.tensor("vectors");
    }

    List<Integer> ids(int row) {
      Tensor ids = file.tensor("input.input_ids");
      long[] values = new long[(int) ids.shape().dimension(1)];
      ids.asLongs().get(row * values.length, values);
      return new ArrayList<>(Arrays.stream(values).mapToInt(id -> (int) id).boxed().toList());
    }

    float[] logits(String output, int row, int token) {
      Tensor all = file.tensor("output." + output);
      int tokens = (int) all.shape().dimension(1);
      float[] logits = new float[(int) all.shape().dimension(2)];
      all.asFloats().get((row * tokens + token) * logits.length, logits);
      return logits;
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
