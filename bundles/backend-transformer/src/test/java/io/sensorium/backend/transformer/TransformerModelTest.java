package io.sensorium.backend.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.MemoryRequest;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.importer.CheckpointImporter;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class TransformerModelTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  private static final int PROMPT = 9;

  @TempDir Path folder;

  private final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(5)));
  private final TransformerBackend backend = new TransformerBackend(runtime, runtime);

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

  @ParameterizedTest
  @MethodSource("decoders")
  void continuesSequencesOfDifferentLengthsInOneBatchAsTransformersDoes(String name)
      throws IOException {
    try (SafetensorsFile golden =
            SafetensorsFile.open(checkpoint(name).resolve("golden.safetensors"));
        LanguageModel model = open(name, 3)) {
      long[][] wanted = rows(golden.tensor("generate.greedy_ids"));
      Sequence first = model.begin();
      Sequence second = model.begin();
      Sequence third = model.begin();
      List<Integer> one = new ArrayList<>(ids(wanted[0], 0, PROMPT));
      List<Integer> two = new ArrayList<>(ids(wanted[1], 0, PROMPT));
      // The third has a longer way behind it: it begins with what the first will have said.
      List<Integer> three = new ArrayList<>(ids(wanted[0], 0, PROMPT + 20));
      one.add(largest(extend(model, first, one)));
      two.add(largest(extend(model, second, two)));
      three.add(largest(extend(model, third, three)));
      while (three.size() < wanted[0].length) {
        List<Prediction> predictions =
            model.extend(
                List.of(
                    new Extension(third, List.of(three.getLast())),
                    new Extension(first, List.of(one.getLast())),
                    new Extension(second, List.of(two.getLast()))),
                soon());
        three.add(largest(predictions.get(0).logits().array()));
        one.add(largest(predictions.get(1).logits().array()));
        two.add(largest(predictions.get(2).logits().array()));
      }

      assertThat(one).isEqualTo(ids(wanted[0], 0, one.size()));
      assertThat(two).isEqualTo(ids(wanted[1], 0, two.size()));
      assertThat(three).isEqualTo(ids(wanted[0], 0, three.size()));
    }
  }

  @Test
  void exchangesIdsAndLogitsAlone() throws IOException {
    try (LanguageModel model = open("llama-grouped", 2)) {
      Sequence sequence = model.begin();
      extend(model, sequence, List.of(5, 6, 7));
      long before = model.exchangedBytes();
      for (int step = 0; step < 10; step++) {
        extend(model, sequence, List.of(8));
      }
      assertThat(model.exchangedBytes() - before)
          .isEqualTo(10L * (Long.BYTES + (long) model.vocabularySize() * Float.BYTES));
    }
  }

  @Test
  void forksGoTheirOwnWays() throws IOException {
    try (LanguageModel model = open("qwen3-wide-heads", 2)) {
      Sequence parent = model.begin();
      extend(model, parent, List.of(5, 6, 7, 8));
      Sequence child = parent.fork();
      float[] one = extend(model, parent, List.of(9));
      float[] other = extend(model, child, List.of(10));

      assertThat(child.length()).isEqualTo(5);
      assertThat(fresh(model, List.of(parent, child), List.of(5, 6, 7, 8, 9))).isEqualTo(one);
      assertThat(fresh(model, List.of(), List.of(5, 6, 7, 8, 10))).isEqualTo(other);
    }
  }

  @Test
  void remembersWhatAnotherSequenceDoes() throws IOException {
    try (LanguageModel model = open("qwen3-biased", 3)) {
      Sequence one = model.begin();
      extend(model, one, List.of(5, 6, 7));
      Sequence other = one.fork();
      extend(model, one, List.of(8, 9, 10, 11));
      extend(model, other, List.of(12));
      other.become(one, 3);
      one.become(other, 0);
      float[] next = extend(model, other, List.of(13));

      assertThat(other.length()).isEqualTo(8);
      assertThat(extend(model, one, List.of(13))).isEqualTo(next);
      assertClose(next, fresh(model, List.of(), List.of(5, 6, 7, 8, 9, 10, 11, 13)));
      one.truncate(2);
      other.become(one, 2);
      assertClose(extend(model, other, List.of(14)), fresh(model, List.of(), List.of(5, 6, 14)));
      assertThatThrownBy(() -> one.become(other, 3)).hasMessageContaining("lengths 2 and 3");
    }
  }

  @Test
  void givesTheHiddenStatesFromWhichLogitsAreComputed() throws IOException {
    List<Integer> prompt = IntStream.range(0, 40).mapToObj(i -> 3 + i * 7 % 200).toList();
    Path file = checkpoint("llama-grouped").resolve("model.safetensors");
    TransformerBackend small = new TransformerBackend(runtime, runtime, 17);
    SequenceLimits limits = new SequenceLimits(2, 256);
    try (SafetensorsFile weights = SafetensorsFile.open(file);
        LanguageModel model = small.open(imported("llama-grouped"), limits, soon())) {
      Tensor head = weights.tensor("lm_head.weight");
      Sequence plain = model.begin();
      Sequence sequence = model.begin();
      extend(model, plain, List.of(3));
      Prediction read =
          model
              .extend(List.of(new Extension(sequence, prompt, Optional.empty(), true)), soon())
              .getFirst();
      List<Prediction> step =
          model.extend(
              List.of(
                  new Extension(plain, List.of(4)),
                  new Extension(sequence, List.of(5), Optional.empty(), true)),
              soon());

      assertThat(read.hiddenStates().orElseThrow().shape())
          .isEqualTo(Shape.of(40, model.hiddenWidth()));
      assertClose(product(head, read.hiddenStates().orElseThrow().row(39)), read.logits().array());
      assertThat(step.get(0).hiddenStates()).isEmpty();
      assertThat(step.get(1).hiddenStates().orElseThrow().shape())
          .isEqualTo(Shape.of(1, model.hiddenWidth()));
      assertClose(
          product(head, step.get(1).hiddenStates().orElseThrow()), step.get(1).logits().array());
    }
  }

  /** A matrix {@code [rows, width]} times a row. */
  private static float[] product(Tensor matrix, Tensor row) {
    float[] result = new float[(int) matrix.shape().dimension(0)];
    int width = (int) matrix.shape().dimension(1);
    for (int i = 0; i < result.length; i++) {
      for (int j = 0; j < width; j++) {
        result[i] += matrix.asFloats().get(i * width + j) * row.asFloats().get(j);
      }
    }
    return result;
  }

  @Test
  void forgetsTheLastTokens() throws IOException {
    try (LanguageModel model = open("mistral-sliding", 2)) {
      Sequence sequence = model.begin();
      extend(model, sequence, List.of(5, 6, 7, 8, 9, 10, 11));
      assertThat(sequence.truncate(3)).isTrue();
      float[] again = extend(model, sequence, List.of(20));

      assertThat(sequence.length()).isEqualTo(4);
      assertClose(again, fresh(model, List.of(), List.of(5, 6, 7, 20)));
    }
  }

  @Test
  void anEndedSequencesPlaceIsTakenByTheLastOneAndThenByANewOne() throws IOException {
    try (LanguageModel model = open("llama-scaled-tied", 3)) {
      Sequence first = model.begin();
      Sequence second = model.begin();
      Sequence third = model.begin();
      extend(model, first, List.of(3, 4, 5, 6, 7, 8));
      extend(model, second, List.of(9, 10));
      extend(model, third, List.of(11, 12, 13));
      assertThatThrownBy(model::begin)
          .isInstanceOf(ResourceExhaustedException.class)
          .hasMessageContaining("opened for 3 sequences");

      first.close();
      float[] moved = extend(model, third, List.of(14));
      Sequence fourth = model.begin();
      float[] begun = extend(model, fourth, List.of(11, 12, 13, 14));
      float[] stayed = extend(model, second, List.of(15));

      assertClose(moved, begun);
      fourth.truncate(0);
      assertClose(extend(model, fourth, List.of(9, 10, 15)), stayed);
    }
  }

  @Test
  void chunksOfALongPromptGiveWhatOneRunGives() throws IOException {
    List<Integer> prompt = IntStream.range(0, 200).mapToObj(i -> 3 + i * 7 % 200).toList();
    ModelPackage imported = imported("mistral-sliding");
    SequenceLimits limits = new SequenceLimits(1, 256);
    TransformerBackend small = new TransformerBackend(runtime, runtime, 17);
    try (LanguageModel whole = backend.open(imported, limits, soon());
        LanguageModel chunked = small.open(imported, limits, soon())) {
      assertClose(extend(chunked, chunked.begin(), prompt), extend(whole, whole.begin(), prompt));
    }
  }

  @Test
  void refusesMoreTokensThanTheContextHas() throws IOException {
    try (LanguageModel model = open("llama-grouped", 1)) {
      Sequence sequence = model.begin();
      assertThatThrownBy(() -> extend(model, sequence, Collections.nCopies(300, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("may have 256 tokens; it has 0, and 300 more came");
    }
  }

  @Test
  void whatAnswersNoNumberSpoilsItsPlaceForNobody() throws IOException {
    try (LanguageModel model = open("qwen2-tied", 2)) {
      Sequence neighbour = model.begin();
      float[] alone = extend(model, neighbour, List.of(5, 6, 7));
      neighbour.truncate(0);
      Sequence spoilt = model.begin();
      float[] rows = new float[model.mediaWidth()];
      Arrays.fill(rows, Float.NaN);
      Tensor media = Tensor.ofFloats(Shape.of(1, model.mediaWidth()), rows);
      List<Integer> tokens = List.of(3, -1, 4, 5, 6, 7, 8, 9);
      List<Prediction> predictions =
          model.extend(
              List.of(
                  new Extension(spoilt, tokens, Optional.of(media)),
                  new Extension(neighbour, List.of(5, 6, 7))),
              soon());
      assertThat(predictions.getFirst().logits().get(0)).isNaN();
      assertClose(predictions.getLast().logits().array(), alone);

      spoilt.close();
      Sequence next = model.begin();
      assertClose(extend(model, next, List.of(5, 6, 7)), alone);
      neighbour.close();
      assertClose(extend(model, next, List.of(8)), fresh(model, List.of(), List.of(5, 6, 7, 8)));
    }
  }

  @Test
  void whoLiesBetweenThoseThatGrowRunsAlongAndStaysAsItIs() throws IOException {
    try (LanguageModel model = open("llama-grouped", 4)) {
      List<Sequence> all = List.of(model.begin(), model.begin(), model.begin(), model.begin());
      for (int i = 0; i < 4; i++) {
        extend(model, all.get(i), List.of(5 + i, 6, 7 + i));
      }
      List<Prediction> ends =
          model.extend(
              List.of(
                  new Extension(all.get(3), List.of(13)), new Extension(all.get(0), List.of(10))),
              soon());
      assertThat(all.get(1).length()).isEqualTo(3);
      float[] between = extend(model, all.get(1), List.of(11));
      List<Sequence> none = List.of();
      all.get(2).close();
      assertClose(between, fresh(model, none, List.of(6, 6, 8, 11)));
      assertClose(ends.get(0).logits().array(), fresh(model, none, List.of(8, 6, 10, 13)));
      assertClose(ends.get(1).logits().array(), fresh(model, none, List.of(5, 6, 7, 10)));
    }
  }

  @Test
  void whoReadsBetweenThoseThatGrowForgetsNothing() throws IOException {
    try (LanguageModel model = open("llama-grouped", 4)) {
      List<Sequence> all = List.of(model.begin(), model.begin(), model.begin());
      extend(model, all.get(0), List.of(5, 6, 7));
      extend(model, all.get(2), List.of(8, 9));
      List<Prediction> together =
          model.extend(
              List.of(
                  new Extension(all.get(0), List.of(10)),
                  new Extension(all.get(1), List.of(11, 12, 13)),
                  new Extension(all.get(2), List.of(14))),
              soon());
      float[] reader = extend(model, all.get(1), List.of(15));
      List<Sequence> none = List.of();
      assertClose(reader, fresh(model, none, List.of(11, 12, 13, 15)));
      assertClose(together.get(0).logits().array(), fresh(model, none, List.of(5, 6, 7, 10)));
      assertClose(together.get(2).logits().array(), fresh(model, none, List.of(8, 9, 14)));
    }
  }

  @Test
  void readsRowsBesideTokens() throws IOException {
    Path file = checkpoint("qwen2-tied").resolve("model.safetensors");
    try (SafetensorsFile weights = SafetensorsFile.open(file);
        LanguageModel model = open("qwen2-tied", 2)) {
      float[] rows = new float[2 * model.mediaWidth()];
      Tensor table = weights.tensor("model.embed_tokens.weight");
      table.asFloats().get(57 * model.mediaWidth(), rows, 0, model.mediaWidth());
      table.asFloats().get(101 * model.mediaWidth(), rows, model.mediaWidth(), model.mediaWidth());
      Sequence mixed = model.begin();

      Tensor media = Tensor.ofFloats(Shape.of(2, model.mediaWidth()), rows);
      Extension extension = new Extension(mixed, List.of(5, -2, 9, -1, 3), Optional.of(media));
      float[] logits = model.extend(List.of(extension), soon()).getFirst().logits().array();

      assertClose(logits, fresh(model, List.of(), List.of(5, 101, 9, 57, 3)));
    }
  }

  @Test
  void aFailureLeavesEverySequenceAsItWas() throws IOException {
    try (LanguageModel model = open("gemma2-capped", 2)) {
      Sequence one = model.begin();
      Sequence two = model.begin();
      extend(model, one, List.of(5, 6, 7));
      extend(model, two, List.of(8, 9));
      RequestContext cancelled = soon();
      cancelled.cancel();
      List<Extension> both =
          List.of(new Extension(one, List.of(10, 11)), new Extension(two, List.of(12)));
      assertThatThrownBy(() -> model.extend(both, cancelled))
          .isInstanceOf(RequestCancelledException.class);
      assertThatThrownBy(() -> model.extend(List.of(new Extension(one, List.of(999))), soon()))
          .hasMessageContaining("must be in [0, 211); got 999");
      assertThatThrownBy(
              () ->
                  model.extend(
                      List.of(new Extension(one, List.of(1)), new Extension(one, List.of(2))),
                      soon()))
          .hasMessageContaining("once");

      assertThat(one.length()).isEqualTo(3);
      float[] next = extend(model, one, List.of(10, 11));
      two.close();
      assertClose(next, fresh(model, List.of(), List.of(5, 6, 7, 10, 11)));
    }
  }

  @Test
  void reservesItsCachesAndGivesThemBack() throws IOException {
    ModelPackage imported = imported("llama-grouped");
    long before = reserved();
    LanguageModel model = backend.open(imported, new SequenceLimits(4, 64), soon());
    // 3 layers of keys and values, 2 heads of 8 channels, 64 tokens, and the mask.
    long caches = 4L * (3 * 2 * 2 * 8 * 64 * Float.BYTES + 64 * Long.BYTES);
    assertThat(runtime.report().devices().getFirst().holdings())
        .anyMatch(holding -> holding.reserved().total() == caches);
    model.close();
    model.close();
    assertThat(runtime.retire(imported.graphs().getFirst(), soon())).isTrue();
    assertThat(reserved()).isEqualTo(before);
  }

  @Test
  void givesItsMemoryToOthersWhenItsHolderLets() throws IOException {
    long budget = runtime.report().devices().getFirst().budgetBytes().orElseThrow();
    LanguageModel model = open("llama-grouped", 2);
    AtomicInteger asked = new AtomicInteger();
    model.reclaimableBy(
        new Reclaimable() {
          @Override
          public int priority() {
            return 0;
          }

          @Override
          public Duration idle() {
            return Duration.ofSeconds(1);
          }

          @Override
          public boolean reclaim() {
            asked.incrementAndGet();
            model.close();
            return true;
          }
        });
    MemoryRequest all = MemoryRequest.of("cpu", "somebody else", MemoryKind.OTHER, budget);
    try (Reservation reservation = runtime.reserve(all, soon())) {
      assertThat(reservation.amounts().total()).isEqualTo(budget);
    }
    assertThat(asked).hasPositiveValue();
    assertThat(runtime.sessions()).isEmpty();
  }

  private long reserved() {
    return runtime.report().devices().getFirst().reservedBytes();
  }

  /** The logits of a text that is read anew, in a place that others give up. */
  private static float[] fresh(LanguageModel model, List<Sequence> ended, List<Integer> tokens) {
    ended.forEach(Sequence::close);
    try (Sequence sequence = model.begin()) {
      List<Integer> first = tokens.subList(0, tokens.size() - 1);
      extend(model, sequence, first);
      return extend(model, sequence, List.of(tokens.getLast()));
    }
  }

  private static float[] extend(LanguageModel model, Sequence sequence, List<Integer> tokens) {
    return model
        .extend(List.of(new Extension(sequence, tokens)), soon())
        .getFirst()
        .logits()
        .array();
  }

  private static void assertClose(float[] actual, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-3f));
    }
  }

  private LanguageModel open(String name, int sequences) throws IOException {
    return backend.open(imported(name), new SequenceLimits(sequences, 4096), soon());
  }

  private ModelPackage imported(String name) throws IOException {
    return new CheckpointImporter(runtime)
        .importCheckpoint(checkpoint(name), folder.resolve(name), ImportRequest.of(name));
  }

  private static Path checkpoint(String name) {
    return REFERENCE.resolve(name).resolve("checkpoint");
  }

  private static long[][] rows(Tensor tensor) {
    int columns = (int) tensor.shape().dimension(1);
    long[][] rows = new long[(int) tensor.shape().dimension(0)][columns];
    for (int row = 0; row < rows.length; row++) {
      tensor.asLongs().get(row * columns, rows[row]);
    }
    return rows;
  }

  private static List<Integer> ids(long[] row, int from, int to) {
    return Arrays.stream(row, from, to).mapToInt(id -> (int) id).boxed().toList();
  }

  private static int largest(float[] logits) {
    int best = 0;
    for (int token = 1; token < logits.length; token++) {
      best = logits[token] > logits[best] ? token : best;
    }
    return best;
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(60));
  }
}
