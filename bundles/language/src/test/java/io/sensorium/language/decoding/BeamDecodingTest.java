package io.sensorium.language.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.DecodingOptions.Penalties;
import io.sensorium.api.language.DecodingStrategy;
import io.sensorium.api.language.DecodingStrategy.Beam;
import io.sensorium.api.language.DecodingStrategy.EarlyStopping;
import io.sensorium.api.language.FinishReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BeamDecodingTest {
  private static final List<Integer> PROMPT = List.of(3, 1, 3);
  private static final List<EarlyStopping> STOPPING =
      List.of(EarlyStopping.WHEN_FULL, EarlyStopping.UNLIKELY_BETTER, EarlyStopping.NEVER_BETTER);

  /** A text as the oracle sees it: everything is computed from its tokens, and sorted whole. */
  private record Text(List<Integer> tokens, double score) {}

  private static List<Integer> oracle(
      RandomModel model, Beam beam, Penalties penalties, Set<Integer> ends, int most) {
    List<Text> running = List.of(new Text(List.of(), 0));
    List<Text> finished = new ArrayList<>();
    for (int length = 1; length <= most; length++) {
      List<Text> candidates = new ArrayList<>();
      for (Text text : running) {
        float[] scores = logProbabilities(model, text.tokens(), penalties);
        for (int token = 0; token < scores.length; token++) {
          candidates.add(new Text(with(text.tokens(), token), text.score() + scores[token]));
        }
      }
      candidates.sort(Comparator.comparing(text -> -text.score()));
      running = new ArrayList<>();
      int kept = Math.max(2, 1 + ends.size()) * beam.width();
      for (int rank = 0; rank < Math.min(kept, candidates.size()); rank++) {
        Text text = candidates.get(rank);
        if (length == most || ends.contains(text.tokens().getLast())) {
          if (rank < beam.width()) {
            double penalty = Math.pow(length, beam.lengthPenalty());
            finished.add(new Text(text.tokens(), text.score() / penalty));
          }
        } else if (running.size() < beam.width()) {
          running.add(text);
        }
      }
      finished.sort(Comparator.comparing(text -> -text.score()));
      finished = new ArrayList<>(finished.subList(0, Math.min(beam.width(), finished.size())));
      boolean full = finished.size() == beam.width();
      if (running.isEmpty() || (full && isEnough(beam, running, finished, length, most))) {
        break;
      }
    }
    return finished.getFirst().tokens();
  }

  private static boolean isEnough(
      Beam beam, List<Text> running, List<Text> finished, int length, int most) {
    boolean never = beam.earlyStopping() == EarlyStopping.NEVER_BETTER && beam.lengthPenalty() > 0;
    double hoped =
        running.getFirst().score() / Math.pow(never ? most : length, beam.lengthPenalty());
    return beam.earlyStopping() == EarlyStopping.WHEN_FULL || hoped <= finished.getLast().score();
  }

  private static float[] logProbabilities(
      RandomModel model, List<Integer> tokens, Penalties penalties) {
    List<Integer> all = new ArrayList<>(PROMPT);
    all.addAll(tokens);
    float[] scores = model.logits(all);
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp(score);
    }
    for (int token = 0; token < scores.length; token++) {
      scores[token] = (float) (scores[token] - Math.log(sum));
      if (all.contains(token)) {
        scores[token] *= (float) penalties.repetition();
      }
      long times = tokens.stream().filter(List.of(token)::contains).count();
      if (times > 0) {
        scores[token] -= (float) (penalties.presence() + times * penalties.frequency());
      }
    }
    return scores;
  }

  private static List<Integer> with(List<Integer> tokens, int token) {
    List<Integer> all = new ArrayList<>(tokens);
    all.add(token);
    return all;
  }

  @Test
  void findsWhatSortingEverythingFinds() {
    for (int seed = 0; seed < 120; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int width = random.nextInt(1, 6);
      RandomModel model = new RandomModel(random.nextInt(60, 90), width, 64, seed);
      Beam beam = new Beam(width, random.nextInt(-2, 3) * 0.7, STOPPING.get(random.nextInt(3)));
      Penalties penalties =
          random.nextBoolean()
              ? Penalties.NONE
              : new Penalties(
                  random.nextDouble(0.7, 1.5), random.nextDouble(), random.nextDouble());
      Set<Integer> ends = new HashSet<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        ends.add(random.nextInt(60));
      }
      int most = random.nextInt(1, 12);

      Decoding decoding = run(model, options(beam, penalties, most, -1), ends);
      String what = "seed %d: %s %s %s %d".formatted(seed, beam, penalties, ends, most);
      assertThat(decoding.certain()).as(what).isEqualTo(oracle(model, beam, penalties, ends, most));
      assertThat(decoding.finishReason())
          .as(what)
          .contains(
              ends.contains(decoding.certain().getLast()) ? FinishReason.END : FinishReason.LENGTH);
      decoding.close();
      assertThat(model.living()).isZero();
    }
  }

  @Test
  void findsTheMostProbableTextOfAllIfItIsWideEnough() {
    RandomModel model = new RandomModel(3, 27, 64, 11);
    Beam beam = new Beam(27, 0, EarlyStopping.NEVER_BETTER);
    Text best = new Text(List.of(), Double.NEGATIVE_INFINITY);
    for (int text = 0; text < 81; text++) {
      List<Integer> tokens = List.of(text / 27, text / 9 % 3, text / 3 % 3, text % 3);
      double score = 0;
      for (int i = 0; i < tokens.size(); i++) {
        score += logProbabilities(model, tokens.subList(0, i), Penalties.NONE)[tokens.get(i)];
      }
      best = score > best.score() ? new Text(tokens, score) : best;
    }
    assertThat(run(model, options(beam, Penalties.NONE, 4, -1), Set.of()).certain())
        .isEqualTo(best.tokens());
  }

  @Test
  void tellsHowProbableTheBestTextsTokensWere() {
    RandomModel model = new RandomModel(31, 4, 64, 3);
    Beam beam = new Beam(4, 1, EarlyStopping.UNLIKELY_BETTER);
    Decoding decoding = run(model, options(beam, new Penalties(1.4, 0, 0), 9, 2), Set.of());

    assertThat(decoding.scores()).extracting(ScoredToken::id).isEqualTo(decoding.certain());
    for (int i = 0; i < 9; i++) {
      float[] expected = logProbabilities(model, decoding.certain().subList(0, i), Penalties.NONE);
      ScoredToken score = decoding.scores().get(i);
      assertThat((float) score.logProbability())
          .isCloseTo(expected[score.id()], org.assertj.core.data.Offset.offset(1e-4f));
      assertThat(score.alternatives()).hasSize(2);
    }
  }

  private static Decoding run(RandomModel model, DecodingOptions options, Set<Integer> ends) {
    DecodingRequest request = new DecodingRequest(PROMPT, options, ends);
    return RandomModel.run(model, Decodings.begin(model, model.begin(), request));
  }

  private static DecodingOptions options(
      DecodingStrategy strategy, Penalties penalties, int most, int logProbabilities) {
    return new DecodingOptions(
        strategy,
        penalties,
        most,
        false,
        List.of(),
        false,
        logProbabilities,
        Optional.empty(),
        Optional.empty());
  }
}
