package io.sensorium.backend.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.LoadedAdapter;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceAdditions;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class AdaptableModelTest extends AdaptedFixture {
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
}
