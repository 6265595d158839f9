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

  /** How a text ends beside its length. */
  private record Ends(Set<Integer> tokens, List<String> stops) {
    boolean end(Text text) {
      return tokens.contains(text.tokens().getLast()) || stop(text);
    }

    boolean stop(Text text) {
      String spelled = spelled(text.tokens());
      return stops.stream().anyMatch(spelled::contains);
    }
  }

  /** Tokens of one and two letters out of three. */
  private static String spelled(List<Integer> tokens) {
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      text.append("abc".charAt(token % 3));
      if (token % 2 == 0) {
        text.append("abc".charAt(token / 3 % 3));
      }
    }
    return text.toString();
  }

  /** Reads all of its text again at each token. */
  private record Rereading(List<String> stops, List<Integer> tokens) implements StopCondition {
    @Override
    public boolean accept(int token) {
      tokens.add(token);
      String spelled = spelled(tokens);
      return stops.stream().anyMatch(spelled::contains);
    }

    @Override
    public StopCondition fork() {
      return new Rereading(stops, new ArrayList<>(tokens));
    }
  }

  private static List<Integer> oracle(
      RandomModel model, Beam beam, Penalties penalties, Ends ends, int most) {
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
      for (int rank = 0; rank < candidates.size(); rank++) {
        Text text = candidates.get(rank);
        if (length == most || ends.end(text)) {
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
    Set<FinishReason> reasons = new HashSet<>();
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

      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        stops.add("abcacbbca".substring(i, i + random.nextInt(1, 5)));
      }

      Decoding decoding = run(model, options(beam, penalties, most, -1), ends, stops);
      Ends all = new Ends(ends, stops);
      String what = "seed %d: %s %s %s %d".formatted(seed, beam, penalties, all, most);
      assertThat(decoding.certain()).as(what).isEqualTo(oracle(model, beam, penalties, all, most));
      FinishReason expected =
          all.stop(new Text(decoding.certain(), 0)) ? FinishReason.STOP : FinishReason.LENGTH;
      assertThat(decoding.finishReason())
          .as(what)
          .contains(ends.contains(decoding.certain().getLast()) ? FinishReason.END : expected);
      reasons.add(decoding.finishReason().orElseThrow());
      decoding.close();
      assertThat(model.living()).isZero();
    }
    assertThat(reasons).containsExactlyInAnyOrder(FinishReason.values());
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
    assertThat(run(model, options(beam, Penalties.NONE, 4, -1), Set.of(), List.of()).certain())
        .isEqualTo(best.tokens());
  }

  @Test
  void tellsHowProbableTheBestTextsTokensWere() {
    RandomModel model = new RandomModel(31, 4, 64, 3);
    Beam beam = new Beam(4, 1, EarlyStopping.UNLIKELY_BETTER);
    Decoding decoding =
        run(model, options(beam, new Penalties(1.4, 0, 0), 9, 2), Set.of(), List.of());

    assertThat(decoding.scores()).extracting(ScoredToken::id).isEqualTo(decoding.certain());
    for (int i = 0; i < 9; i++) {
      float[] expected = logProbabilities(model, decoding.certain().subList(0, i), Penalties.NONE);
      ScoredToken score = decoding.scores().get(i);
      assertThat((float) score.logProbability())
          .isCloseTo(expected[score.id()], org.assertj.core.data.Offset.offset(1e-4f));
      assertThat(score.alternatives()).hasSize(2);
    }
  }

  private static Decoding run(
      RandomModel model, DecodingOptions options, Set<Integer> ends, List<String> stops) {
    DecodingRequest request =
        new DecodingRequest(
            PROMPT,
            Optional.empty(),
            options,
            ends,
            Optional.empty(),
            Optional.of(stops)
                .filter(some -> !some.isEmpty())
                .map(some -> new Rereading(some, new ArrayList<>())));
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
