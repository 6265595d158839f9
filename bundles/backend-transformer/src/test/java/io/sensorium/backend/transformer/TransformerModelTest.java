package io.sensorium.backend.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class TransformerModelTest extends DecoderFixture {
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
}
