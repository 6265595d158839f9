package io.sensorium.language.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.InferenceException;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.DecodingOptions.Penalties;
import io.sensorium.api.language.DecodingStrategy;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Prediction;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SingleTextDecodingTest {
  private static final List<Integer> PROMPT = List.of(3, 1, 3, 9);

  private final RandomModel model = new RandomModel(37, 1, 64, 20261121);

  @Test
  void greedyTakesTheLargestLogitEachTime() {
    List<Integer> all = new ArrayList<>(PROMPT);
    for (int i = 0; i < 20; i++) {
      float[] logits = model.logits(all);
      all.add(
          IntStream.range(0, 37)
              .boxed()
              .max(Comparator.comparing(token -> logits[token]))
              .orElseThrow());
    }
    Decoding decoding = run(DecodingOptions.greedy(20), Set.of());
    assertThat(decoding.certain()).isEqualTo(all.subList(PROMPT.size(), all.size()));
    assertThat(decoding.finishReason()).contains(FinishReason.LENGTH);
    assertThat(decoding.scores()).isEmpty();
    // The last token need not be run.
    assertThat(model.runTokens).isEqualTo(PROMPT.size() + 19);
    decoding.close();
    assertThat(model.living()).isZero();
  }

  @Test
  void endsWithAnEndTokenUnlessThatIsIgnored() {
    List<Integer> free = run(DecodingOptions.greedy(20), Set.of()).certain();
    int end = free.get(6);
    model.close();
    Decoding ended = run(DecodingOptions.greedy(20), Set.of(end, 36));
    assertThat(ended.certain()).isEqualTo(free.subList(0, free.indexOf(end) + 1));
    assertThat(ended.finishReason()).contains(FinishReason.END);
    model.close();
    DecodingOptions ignoring =
        new DecodingOptions(
            new DecodingStrategy.Greedy(),
            Penalties.NONE,
            20,
            true,
            List.of(),
            false,
            -1,
            Optional.empty(),
            Optional.empty());
    assertThat(run(ignoring, Set.of(end)).certain()).isEqualTo(free);
  }

  @Test
  void fillsTheContextAtMost() {
    Decoding decoding = run(DecodingOptions.greedy(1000), Set.of());
    assertThat(decoding.certain()).hasSize(64 - PROMPT.size());
    assertThat(decoding.finishReason()).contains(FinishReason.LENGTH);
    model.close();
    DecodingRequest full =
        new DecodingRequest(
            IntStream.range(0, 64).map(i -> i % 37).boxed().toList(),
            DecodingOptions.greedy(1),
            Set.of());
    assertThatThrownBy(() -> Decodings.begin(model, model.begin(), full))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a prompt of random 1 must have fewer than 64 tokens; got 64");
    assertThat(model.living()).isZero();
  }

  @Test
  void tellsTheModelsOwnLogProbabilitiesWhateverIsDrawn() {
    DecodingOptions options =
        new DecodingOptions(
            DecodingStrategy.parse("sample,temperature=2,seed=4"),
            new Penalties(1.3, 0.5, 0.2),
            9,
            false,
            List.of(),
            false,
            3,
            Optional.empty(),
            Optional.empty());
    Decoding decoding = run(options, Set.of());
    List<Integer> all = new ArrayList<>(PROMPT);
    assertThat(decoding.scores()).extracting(ScoredToken::id).isEqualTo(decoding.certain());
    for (ScoredToken score : decoding.scores()) {
      float[] logits = model.logits(all);
      assertThat(score.logProbability())
          .isCloseTo(logProbability(logits, score.id()), within(1e-5));
      assertThat(score.alternatives()).hasSize(3);
      List<Integer> best =
          IntStream.range(0, 37)
              .boxed()
              .sorted(Comparator.comparing(token -> -logits[token]))
              .limit(3)
              .toList();
      assertThat(score.alternatives()).extracting(ScoredToken::id).isEqualTo(best);
      assertThat(score.alternatives())
          .allSatisfy(
              each ->
                  assertThat(each.logProbability())
                      .isCloseTo(logProbability(logits, each.id()), within(1e-5)));
      all.add(score.id());
    }
  }

  private static double logProbability(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return Math.log(Math.exp(logits[token]) / sum);
  }

  @Test
  void tokensThatStandForNothingNeverComeWhateverTheStrategy() {
    Set<Integer> unknown = Set.copyOf(run(DecodingOptions.greedy(4), Set.of()).certain());
    for (String strategy :
        List.of(
            "greedy",
            "sample,temperature=9,seed=4",
            "beam,width=3",
            "contrastive,top-k=3,alpha=0.6")) {
      DecodingOptions options =
          new DecodingOptions(
              DecodingStrategy.parse(strategy),
              Penalties.NONE,
              16,
              false,
              List.of(),
              false,
              2,
              Optional.empty(),
              Optional.empty());
      DecodingRequest request =
          new DecodingRequest(
              PROMPT,
              Optional.empty(),
              options,
              Set.of(),
              Optional.empty(),
              Optional.empty(),
              unknown);
      RandomModel wide = new RandomModel(37, 3, 64, 20261121);
      Decoding decoding = RandomModel.run(wide, Decodings.begin(wide, wide.begin(), request));
      assertThat(decoding.certain()).as(strategy).hasSize(16).doesNotContainAnyElementsOf(unknown);
      assertThat(decoding.scores())
          .as(strategy)
          .flatExtracting(ScoredToken::alternatives)
          .extracting(ScoredToken::id)
          .doesNotContainAnyElementsOf(unknown);
    }
  }

  @Test
  void equalSeedsMakeEqualTexts() {
    List<List<Integer>> texts = new ArrayList<>();
    for (String strategy : List.of("sample,seed=1", "sample,seed=1", "sample,seed=2")) {
      DecodingOptions options =
          new DecodingOptions(
              DecodingStrategy.parse(strategy),
              Penalties.NONE,
              16,
              false,
              List.of(),
              false,
              -1,
              Optional.empty(),
              Optional.empty());
      texts.add(run(options, Set.of()).certain());
      model.close();
    }
    assertThat(texts.get(0)).isEqualTo(texts.get(1)).isNotEqualTo(texts.get(2));
  }

  @Test
  void refusesLogitsThatAreNoNumbers() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] logits = model.logits(PROMPT);
      logits[5] = bad;
      refuse(logits, "got %s for token 5 after 4 tokens".formatted(bad));
    }
    float[] none = new float[37];
    java.util.Arrays.fill(none, Float.NEGATIVE_INFINITY);
    refuse(none, "got -Infinity for token 0 after 4 tokens");
    refuse(new float[36], "must be 37 numbers; got 36");
  }

  private void refuse(float[] logits, String message) {
    DecodingRequest request = new DecodingRequest(PROMPT, DecodingOptions.greedy(3), Set.of());
    Decoding decoding = Decodings.begin(model, model.begin(), request);
    assertThatThrownBy(() -> decoding.accept(List.of(new Prediction(FloatBuffer.wrap(logits)))))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining(message);
    decoding.close();
  }

  private Decoding run(DecodingOptions options, Set<Integer> ends) {
    DecodingRequest request = new DecodingRequest(PROMPT, options, ends);
    return RandomModel.run(model, Decodings.begin(model, model.begin(), request));
  }
}
