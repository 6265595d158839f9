package io.sensorium.language.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.DecodingOptions.Penalties;
import io.sensorium.api.language.DecodingStrategy;
import io.sensorium.api.language.DecodingStrategy.Contrastive;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContrastiveDecodingTest {
  private static final List<Integer> PROMPT = List.of(3, -1, 5, 3);

  @Test
  void choosesWhatTheFormulaChooses() {
    for (int seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Contrastive settings = new Contrastive(random.nextInt(2, 7), random.nextDouble());
      Set<Integer> ends = seed % 2 == 0 ? Set.of() : Set.of(7, 20);
      RandomModel model = new RandomModel(41, settings.topK(), 64, seed);
      Decoding decoding = run(model, settings, ends, 12);

      List<Integer> expected = oracle(model, settings, ends, 12);
      assertThat(decoding.certain()).as("seed %d: %s", seed, settings).isEqualTo(expected);
      assertThat(decoding.finishReason())
          .contains(ends.contains(expected.getLast()) ? FinishReason.END : FinishReason.LENGTH);
      assertThat(decoding.scores()).extracting(ScoredToken::id).isEqualTo(expected);
      decoding.close();
      assertThat(model.living()).isZero();
    }
  }

  private static List<Integer> oracle(
      RandomModel model, Contrastive settings, Set<Integer> ends, int most) {
    List<Integer> all = new ArrayList<>(PROMPT);
    while (all.size() < PROMPT.size() + most) {
      float[] logits = model.logits(all);
      double sum = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i])).sum();
      int chosen =
          IntStream.range(0, logits.length)
              .boxed()
              .sorted(Comparator.comparing(token -> -logits[token]))
              .limit(settings.topK())
              .max(
                  Comparator.comparing(
                      token ->
                          (1 - settings.alpha()) * Math.exp(logits[token]) / sum
                              - settings.alpha() * likeness(model, all, token)))
              .orElseThrow();
      all.add(chosen);
      if (ends.contains(chosen)) {
        break;
      }
    }
    return all.subList(PROMPT.size(), all.size());
  }

  private static double likeness(RandomModel model, List<Integer> text, int token) {
    List<Integer> next = new ArrayList<>(text);
    next.add(token);
    float[] state = model.hidden(next);
    return IntStream.rangeClosed(1, text.size())
        .mapToDouble(length -> cosine(state, model.hidden(text.subList(0, length))))
        .max()
        .orElseThrow();
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      squaresA += a[i] * a[i];
      squaresB += b[i] * b[i];
    }
    return product / Math.sqrt(squaresA * squaresB);
  }

  @Test
  void refusesAModelWithoutHiddenStates() {
    RandomModel model = new RandomModel(41, 4, 64, 1).withoutHiddenStates();
    assertThatThrownBy(() -> run(model, new Contrastive(4, 0.6), Set.of(), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "contrastive search needs a model that gives hidden states; random 1 gives none");
    assertThat(model.living()).isZero();
  }

  private static Decoding run(
      RandomModel model, DecodingStrategy strategy, Set<Integer> ends, int most) {
    DecodingOptions options =
        new DecodingOptions(
            strategy,
            Penalties.NONE,
            most,
            false,
            List.of(),
            false,
            0,
            Optional.empty(),
            Optional.empty());
    Tensor media = Tensor.ofFloats(Shape.of(1, 2), 1, 2);
    DecodingRequest request =
        new DecodingRequest(
            PROMPT, Optional.of(media), options, ends, Optional.empty(), Optional.empty());
    return RandomModel.run(model, Decodings.begin(model, model.begin(), request));
  }
}
