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
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sequences that share their caches: who moves, ends or fails leaves the others as they are. */
@Timeout(120)
class SequencePlacesTest extends DecoderFixture {
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
}
