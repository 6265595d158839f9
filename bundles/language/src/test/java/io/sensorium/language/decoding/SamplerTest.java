package io.sensorium.language.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.language.DecodingStrategy.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
  /** A token and its score, as the oracle sees them. */
  private record Scored(int token, double score) {}

  /** The same filters by sorting everything, as their papers put them. */
  private static final class Oracle {
    private List<Scored> left;
    private List<Scored> summed = List.of();
    private double sum;

    Oracle(float[] scores, Sample settings) {
      left = new ArrayList<>();
      for (int token = 0; token < scores.length; token++) {
        if (scores[token] > Float.NEGATIVE_INFINITY) {
          left.add(new Scored(token, scores[token] / (float) settings.temperature()));
        }
      }
      if (settings.topK() > 0) {
        left = sorted(each -> -each.score()).subList(0, Math.min(settings.topK(), left.size()));
      }
      keepUntil(sorted(each -> -each.score()), settings.topP());
      double least =
          settings.minP() * left.stream().mapToDouble(this::probability).max().getAsDouble();
      left = left.stream().filter(each -> probability(each) >= least).toList();
      double entropy =
          left.stream().mapToDouble(each -> -probability(each) * Math.log(probability(each))).sum();
      keepUntil(
          sorted(each -> Math.abs(-Math.log(probability(each)) - entropy)), settings.typicalP());
      left = sorted(Scored::token);
    }

    private List<Scored> sorted(ToDoubleFunction<Scored> by) {
      return left.stream()
          .sorted(Comparator.comparingDouble(by).thenComparing(Scored::token))
          .toList();
    }

    private void keepUntil(List<Scored> ranked, double share) {
      double sum = 0;
      List<Scored> kept = new ArrayList<>();
      for (Scored each : ranked) {
        if (sum < share) {
          kept.add(each);
        }
        sum += probability(each);
      }
      left = share < 1 ? kept : left;
    }

    double probability(Scored scored) {
      if (left != summed) {
        summed = left;
        sum = left.stream().mapToDouble(each -> Math.exp(each.score())).sum();
      }
      return Math.exp(scored.score()) / sum;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 211, 1021})
  void keepsWhatSortingEverythingKeeps(int vocabulary) {
    for (int seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      float[] scores = new float[vocabulary];
      for (int token = 0; token < vocabulary; token++) {
        boolean never = token > 0 && random.nextInt(5) == 0;
        scores[token] =
            never
                ? Float.NEGATIVE_INFINITY
                : (float) (random.nextInt(1, 6) * random.nextGaussian());
      }
      Sample settings =
          new Sample(
              random.nextDouble(0.3, 2),
              random.nextBoolean() ? 0 : random.nextInt(1, vocabulary + 2),
              random.nextBoolean() ? 1 : random.nextDouble(0.01, 1),
              random.nextBoolean() ? 0 : random.nextDouble(0, 0.5),
              random.nextBoolean() ? 1 : random.nextDouble(0.01, 1),
              OptionalLong.of(seed));
      Oracle oracle = new Oracle(scores, settings);
      Candidates candidates = new Sampler(settings).filter(scores.clone());

      String what = "seed %d: %s".formatted(seed, settings);
      List<Integer> kept = new ArrayList<>();
      for (int i = 0; i < candidates.count(); i++) {
        kept.add(candidates.token(i));
      }
      assertThat(kept).as(what).isEqualTo(oracle.left.stream().map(Scored::token).toList());
      for (int i = 0; i < candidates.count(); i++) {
        // Scores are floats; sums are doubles on both sides.
        assertThat(candidates.probability(i))
            .as(what)
            .isCloseTo(oracle.probability(oracle.left.get(i)), within(1e-6));
      }
    }
  }

  @Test
  void ofEqualsTheOnesWithLowerIdsAreKept() {
    float[] scores = {0, 1, -0f, 1, 0, 1, 1};
    assertThat(kept(scores, new Sample(1, 3, 1, 0, 1, OptionalLong.of(1))))
        .containsExactly(1, 3, 5);
    assertThat(kept(scores, new Sample(1, 6, 1, 0, 1, OptionalLong.of(1))))
        .containsExactly(0, 1, 2, 3, 5, 6);
    assertThat(kept(scores, new Sample(1, 0, 0.3, 0, 1, OptionalLong.of(1)))).containsExactly(1, 3);
  }

  private static List<Integer> kept(float[] scores, Sample settings) {
    Candidates candidates = new Sampler(settings).filter(scores.clone());
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < candidates.count(); i++) {
      kept.add(candidates.token(i));
    }
    return kept;
  }

  @Test
  void drawsAsOftenAsProbabilitiesSay() {
    float[] scores = {1, Float.NEGATIVE_INFINITY, 2, 0.5f, -1, 2.5f};
    Sampler sampler = new Sampler(new Sample(1.3, 0, 0.95, 0, 1, OptionalLong.of(7)));
    Candidates expected =
        new Sampler(new Sample(1.3, 0, 0.95, 0, 1, OptionalLong.of(7))).filter(scores.clone());
    int draws = 40_000;
    int[] times = new int[scores.length];
    for (int draw = 0; draw < draws; draw++) {
      times[sampler.choose(scores.clone())]++;
    }
    int drawn = 0;
    for (int i = 0; i < expected.count(); i++) {
      // Five standard deviations of a frequency are at most 5 * 0.5 / sqrt(40,000).
      assertThat(times[expected.token(i)] / (double) draws)
          .isCloseTo(expected.probability(i), within(0.0125));
      drawn += times[expected.token(i)];
    }
    assertThat(drawn).isEqualTo(draws);
  }

  @Test
  void equalSeedsDrawEqualTokens() {
    float[] scores = {1, 2, 3, 2, 1};
    assertThat(draws(scores, OptionalLong.of(5)))
        .isEqualTo(draws(scores, OptionalLong.of(5)))
        .isNotEqualTo(draws(scores, OptionalLong.of(6)));
    assertThat(draws(scores, OptionalLong.empty()))
        .isNotEqualTo(draws(scores, OptionalLong.empty()));
  }

  private static List<Integer> draws(float[] scores, OptionalLong seed) {
    Sampler sampler = new Sampler(new Sample(1, 0, 1, 0, 1, seed));
    List<Integer> tokens = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      tokens.add(sampler.choose(scores.clone()));
    }
    return tokens;
  }
}
