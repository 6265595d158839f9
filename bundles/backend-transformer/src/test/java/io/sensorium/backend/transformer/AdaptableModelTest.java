package io.sensorium.backend.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.LoadedAdapter;
import io.sensorium.api.language.LowRankAdapter;
import io.sensorium.api.language.LowRankAdapter.Factors;
import io.sensorium.api.language.Prediction;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class AdaptableModelTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");

  private static final Path DEFAULT =
      Path.of("..", "..", "models", "defaults", "src", "main", "checkpoints", "lm-default");

  /** The bound that logits of the models themselves keep. */
  private static final float TOLERANCE = 1e-3f;

  @TempDir Path folder;

  private final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(5)));
  private final TransformerBackend backend = new TransformerBackend(runtime, runtime);

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

  @ParameterizedTest
  @MethodSource("bases")
  void adaptersAndVectorsAndNeitherShareABatchAndEachHasItsOwn(String base) throws IOException {
    try (Recorded recorded = new Recorded(base);
        LanguageModel model = open(base, 6)) {
      LoadedAdapter all = model.load(adapter(model, base, "all"), soon());
      LoadedAdapter some = model.load(adapter(model, base, "some"), soon());
      Optional<Tensor> vectors = Optional.of(recorded.vectors());
      List<Sequence> sequences =
          List.of(
              model.begin(new SequenceAdditions(Optional.of(some), Optional.empty())),
              model.begin(),
              model.begin(new SequenceAdditions(Optional.of(all), vectors)),
              model.begin(new SequenceAdditions(Optional.empty(), vectors)),
              model.begin(new SequenceAdditions(Optional.of(all), Optional.empty())));
      List<String> outputs = List.of("some", "base", "both", "vectors", "all");

      for (int row = 0; row < 2; row++) {
        sequences.forEach(sequence -> sequence.truncate(0));
        List<Integer> ids = recorded.ids(row);
        List<Integer> prompt = ids.subList(0, ids.size() - 2);
        for (int i = 0; i < outputs.size(); i++) {
          assertThat(extend(model, sequences.get(i), prompt))
              .as("%s, prompt %d", outputs.get(i), row)
              .containsExactly(
                  recorded.logits(outputs.get(i), row, prompt.size() - 1), within(TOLERANCE));
        }
        for (int at = prompt.size(); at < ids.size(); at++) {
          List<Integer> next = List.of(ids.get(at));
          List<Prediction> together =
              model.extend(sequences.stream().map(s -> new Extension(s, next)).toList(), soon());
          for (int i = 0; i < outputs.size(); i++) {
            assertThat(together.get(i).logits().array())
                .as("%s, prompt %d, token %d", outputs.get(i), row, at)
                .containsExactly(recorded.logits(outputs.get(i), row, at), within(TOLERANCE));
          }
        }
      }
    }
  }

  @Test
  void withoutAnAdapterGivesTheBasesBitsBeforeDuringAndAfter() throws IOException {
    List<Integer> ids = List.of(5, 6, 7, 8, 9);
    float[] plain;
    try (LanguageModel model = backend.open(imported("llama-grouped"), limits(2, false), soon())) {
      plain = extend(model, model.begin(), ids);
      assertThat(model.isAdaptable()).isFalse();
    }
    try (LanguageModel model = open("llama-grouped", 2)) {
      assertThat(fresh(model, SequenceAdditions.NONE, ids)).containsExactly(plain);
      LoadedAdapter all = model.load(adapter(model, "llama-grouped", "all"), soon());
      assertThat(fresh(model, SequenceAdditions.NONE, ids)).containsExactly(plain);
      assertThat(fresh(model, with(all), ids)).isNotEqualTo(plain);
      all.close();
      assertThat(fresh(model, SequenceAdditions.NONE, ids)).containsExactly(plain);
    }
  }

  @Test
  void unloadingOneLeavesTheOthersAndGivesItsMemoryBack() throws IOException {
    List<Integer> ids = List.of(11, 12, 13);
    ModelPackage base = imported("qwen3-wide-heads");
    long nothing = reserved();
    try (LanguageModel model = backend.open(base, limits(3, true), soon())) {
      long before = reserved();
      LowRankAdapter small = adapter(model, "qwen3-wide-heads", "some");
      LowRankAdapter large = adapter(model, "qwen3-wide-heads", "all");
      LoadedAdapter first = model.load(small, soon());
      LoadedAdapter second = model.load(large, soon());
      LoadedAdapter third = model.load(small, soon());
      float[] one = fresh(model, with(first), ids);
      float[] two = fresh(model, with(second), ids);
      assertThat(reserved() - before)
          .isEqualTo(2 * small.bytes() + large.bytes() + 8L * (2 * ranks(small) + ranks(large)));

      first.close();
      first.close();
      assertThat(fresh(model, with(second), ids)).containsExactly(two);
      assertThat(fresh(model, with(third), ids)).containsExactly(one);
      assertThatThrownBy(() -> model.begin(with(first)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be loaded into the model");

      LoadedAdapter fourth = model.load(large, soon());
      assertThat(fresh(model, with(fourth), ids)).containsExactly(two);
      second.close();
      third.close();
      fourth.close();
      assertThat(reserved()).isEqualTo(before);
    }
    assertThat(reserved()).isEqualTo(nothing);
    assertThat(runtime.sessions()).isEmpty();
  }

  @Test
  void sequencesKeepWhatTheyHaveWhenTheyForkMoveAndAreCutShort() throws IOException {
    try (LanguageModel model = open("mistral-sliding", 4)) {
      LoadedAdapter all = model.load(adapter(model, "mistral-sliding", "all"), soon());
      float[] wanted = fresh(model, with(all), List.of(5, 6, 7, 8));
      float[] base = fresh(model, SequenceAdditions.NONE, List.of(5, 6, 7, 8));
      Sequence first = model.begin();
      Sequence second = model.begin(with(all));
      extend(model, first, List.of(5, 6));
      extend(model, second, List.of(5, 6, 7, 9, 9));
      second.truncate(3);
      Sequence child = second.fork();
      assertThat(all.sequences()).isEqualTo(2);
      assertThatThrownBy(all::close)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("2 do");

      first.close();
      assertThat(extend(model, second, List.of(8))).containsExactly(wanted, within(TOLERANCE));
      assertThat(extend(model, child, List.of(8))).containsExactly(wanted, within(TOLERANCE));
      Sequence plain = model.begin();
      extend(model, plain, List.of(5, 6, 7));
      child.become(plain, 0);
      assertThat(all.sequences()).isEqualTo(1);
      assertThat(extend(model, child, List.of(8))).containsExactly(base, within(TOLERANCE));
      second.close();
      all.close();
      assertThat(extend(model, plain, List.of(8))).containsExactly(base, within(TOLERANCE));
    }
  }

  @Test
  void anAdapterIsAddedToLayersThatComputeInLowerPrecision() throws IOException {
    try (Recorded recorded = new Recorded("llama-grouped")) {
      List<Integer> ids = recorded.ids(0);
      for (Precision precision : List.of(Precision.FLOAT16, Precision.INT8)) {
        ModelPackage small = imported("llama-grouped", precision);
        try (LanguageModel model = backend.open(small, limits(2, true), soon())) {
          LoadedAdapter all = model.load(adapter(model, "llama-grouped", "all"), soon());
          float[] adapted = recorded.logits("all", 0, ids.size() - 1);
          float[] base = recorded.logits("base", 0, ids.size() - 1);

          assertThat(cosine(fresh(model, with(all), ids), adapted)).isGreaterThan(0.99);
          assertThat(cosine(fresh(model, SequenceAdditions.NONE, ids), base)).isGreaterThan(0.99);
          assertThat(cosine(adapted, base)).isLessThan(0.9);
        }
      }
    }
  }

  /** What an adapter does to a trained model is the same whatever the weights are rounded to. */
  @ParameterizedTest
  @EnumSource(names = {"INT8", "INT4"})
  void anAdapterChangesRoundedWeightsAsItChangesThoseInFloat32(Precision precision)
      throws IOException {
    List<Integer> ids = List.of(1, 40, 300, 77, 512, 90, 4, 1000);
    float[] change;
    try (LanguageModel model = openDefault(Precision.FLOAT32, true)) {
      change = change(model, ids);
    }
    float[] plain;
    try (LanguageModel model = openDefault(precision, false)) {
      plain = extend(model, model.begin(), ids);
    }
    try (LanguageModel model = openDefault(precision, true)) {
      assertThat(fresh(model, SequenceAdditions.NONE, ids)).containsExactly(plain);
      assertThat(cosine(change(model, ids), change)).isGreaterThan(0.95);
      assertThat(fresh(model, SequenceAdditions.NONE, ids)).containsExactly(plain);
    }
  }

  private LanguageModel openDefault(Precision precision, boolean adaptable) throws IOException {
    ModelPackage model =
        new CheckpointImporter(runtime)
            .importCheckpoint(
                DEFAULT,
                Files.createTempDirectory(folder, "default").resolve("package"),
                ImportRequest.of("default").with(precision, 0.95));
    return backend.open(model, limits(2, adaptable), soon());
  }

  /** What a random adapter of every linear layer adds to the logits. */
  private static float[] change(LanguageModel model, List<Integer> ids) {
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

  private static Tensor drawn(SplittableRandom random, int rows, int width) {
    float[] numbers = new float[rows * width];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (0.04 * random.nextGaussian());
    }
    return Tensor.ofFloats(Shape.of(rows, width), numbers);
  }

  @Test
  void theWeightsLieOnTheDeviceOnce() throws IOException {
    ModelPackage base = imported("llama-grouped");
    backend.open(base, limits(1, false), soon()).close();
    assertThat(runtime.sessions()).hasSize(1);
    try (LanguageModel adaptable = backend.open(base, limits(1, true), soon())) {
      assertThat(runtime.sessions()).hasSize(1);
      assertThat(adaptable.isAdaptable()).isTrue();
    }
    assertThat(runtime.sessions()).isEmpty();
    assertThat(backend.adapts(base)).isTrue();
  }

  @Test
  void refusesWhatDoesNotFit() throws IOException {
    try (LanguageModel model = open("llama-grouped", 1)) {
      Factors wide = factors(2, 48, 80);
      assertThatThrownBy(() -> load(model, "model.layers.0.self_attn.q_proj", wide))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("reads 48 and gives 48 components; adapter odd 1 has factors")
          .hasMessageContaining("[2,80]");
      assertThatThrownBy(() -> load(model, "model.layers.3.mlp.up_proj", wide))
          .hasMessageContaining("of 3 layers; got 'model.layers.3.mlp.up_proj'");
      Tensor vectors = Tensor.ofFloats(Shape.of(2, 48), new float[96]);
      SequenceAdditions additions = new SequenceAdditions(Optional.empty(), Optional.of(vectors));
      assertThatThrownBy(() -> model.begin(additions))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a decoder of 3 layers takes additions float32[3,48]");
      assertThat(load(model, "model.layers.2.mlp.up_proj", wide).sequences()).isZero();
    }
    try (LanguageModel plain = backend.open(imported("llama-yarn"), limits(1, false), soon())) {
      assertThatThrownBy(() -> load(plain, "model.layers.0.mlp.up_proj", factors(1, 48, 80)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must be opened as adaptable");
    }
  }

  private static LoadedAdapter load(LanguageModel model, String linear, Factors factors) {
    return model.load(new LowRankAdapter("odd 1", Map.of(linear, factors)), soon());
  }

  private static Factors factors(int rank, int in, int out) {
    return new Factors(
        Tensor.ofFloats(Shape.of(rank, in), new float[rank * in]),
        Tensor.ofFloats(Shape.of(rank, out), new float[rank * out]));
  }

  private static int ranks(LowRankAdapter adapter) {
    return adapter.linears().values().stream().mapToInt(Factors::rank).sum();
  }

  private static SequenceAdditions with(LoadedAdapter adapter) {
    return new SequenceAdditions(Optional.of(adapter), Optional.empty());
  }

  private static float[] fresh(
      LanguageModel model, SequenceAdditions additions, List<Integer> ids) {
    try (Sequence sequence = model.begin(additions)) {
      return extend(model, sequence, ids);
    }
  }

  private static float[] extend(LanguageModel model, Sequence sequence, List<Integer> ids) {
    return model.extend(List.of(new Extension(sequence, ids)), soon()).getFirst().logits().array();
  }

  private static double cosine(float[] one, float[] other) {
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

  private long reserved() {
    return runtime.report().devices().getFirst().reservedBytes();
  }

  private LanguageModel open(String base, int sequences) throws IOException {
    return backend.open(imported(base), limits(sequences, true), soon());
  }

  private static SequenceLimits limits(int sequences, boolean adaptable) {
    return new SequenceLimits(sequences, 64, adaptable);
  }

  private ModelPackage imported(String base) throws IOException {
    return imported(base, Precision.FLOAT32);
  }

  private ModelPackage imported(String base, Precision precision) throws IOException {
    Path target = Files.createTempDirectory(folder, base).resolve("package");
    return new CheckpointImporter(runtime)
        .importCheckpoint(
            REFERENCE.resolve(base).resolve("checkpoint"),
            target,
            ImportRequest.of(base).with(precision, 0.95));
  }

  private static LowRankAdapter adapter(LanguageModel model, String base, String name) {
    AdaptableDecoder decoder =
        AdaptableDecoder.of(model.model().manifest().graphs().getFirst()).orElseThrow();
    try (CheckpointFolder peft =
        CheckpointFolder.open(REFERENCE.resolve("lora-" + base).resolve(name))) {
      return PeftAdapter.read(peft, decoder, name + " 1");
    }
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(60));
  }

  /** What the reference says. */
  private record Recorded(SafetensorsFile file) implements AutoCloseable {
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
