package io.sensorium.language.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.InferenceException;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.DecodingOptions.Penalties;
import io.sensorium.api.language.DecodingStrategy;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenRulesTest {
  private static final float NEVER = Float.NEGATIVE_INFINITY;

  /** Counts upwards from a token, and may end from another one on. */
  private static final class Counting implements TokenConstraint {
    private final int mayEndAt;
    private int next;

    Counting(int first, int mayEndAt) {
      this.next = first;
      this.mayEndAt = mayEndAt;
    }

    @Override
    public void restrict(BitSet tokens) {
      boolean allowed = tokens.get(next);
      tokens.clear();
      tokens.set(next, allowed && next < 6);
    }

    @Override
    public void accept(int token) {
      assertThat(token).isEqualTo(next);
      next++;
    }

    @Override
    public boolean mayEnd() {
      return next >= mayEndAt;
    }

    @Override
    public TokenConstraint fork() {
      return new Counting(next, mayEndAt);
    }
  }

  @Test
  void penalisesWhatStandsInPromptAndText() {
    Tensor media = Tensor.ofFloats(Shape.of(1, 2), 1, 2);
    TokenRules rules =
        new TokenRules(
            new DecodingRequest(
                List.of(1, -1, 2, 1),
                Optional.of(media),
                options(new Penalties(2, 0.5, 0.25), false),
                Set.of(),
                Optional.empty(),
                Optional.empty()),
            6);
    rules.accept(2);
    rules.accept(4);
    TokenRules fork = rules.fork();
    rules.accept(4);

    float[] scores = {1, 1, 1, -1, -1, 1};
    assertThat(rules.apply(scores)).isTrue();
    // 1: prompt alone. 2: both, once in the text. 4: twice in the text.
    assertThat(scores).containsExactly(1, 0.5f, 0.5f - 0.5f - 0.25f, -1, -2 - 0.5f - 0.5f, 1);
    float[] forked = {1, 1, 1, -1, -1, 1};
    fork.apply(forked);
    assertThat(forked).containsExactly(1, 0.5f, -0.25f, -1, -2.75f, 1);
  }

  @Test
  void leavesWhatTheConstraintAllowsAndEndTokensWhereItMayEnd() {
    TokenRules rules = constrained(new Counting(3, 5), false);
    float[] scores = {1, 1, 1, 1, 1, 1, 1};
    assertThat(rules.apply(scores)).isTrue();
    assertThat(scores).containsExactly(NEVER, NEVER, NEVER, 1, NEVER, NEVER, NEVER);
    rules.accept(3);
    rules.accept(4);
    float[] later = {1, 2, 3, 4, 5, 6, 7};
    rules.apply(later);
    assertThat(later).containsExactly(1, NEVER, NEVER, NEVER, NEVER, 6, NEVER);
    assertThat(rules.ending(0)).contains(FinishReason.END);
    assertThat(rules.ending(5)).isEmpty();
  }

  @Test
  void endTokensThatAreIgnoredAreForTheConstraintToAllow() {
    float[] scores = {1, 1, 1, 1, 1, 1, 1};
    constrained(new Counting(5, 5), true).apply(scores);
    assertThat(scores).containsExactly(NEVER, NEVER, NEVER, NEVER, NEVER, 1, NEVER);
    float[] ending = {1, 1, 1, 1, 1, 1, 1};
    TokenRules first = constrained(new Counting(0, 9), true);
    first.apply(ending);
    assertThat(ending).containsExactly(1, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER);
    assertThat(first.ending(0)).isEmpty();
  }

  @Test
  void aTextIsCompleteWhereNothingMayFollow() {
    TokenRules complete = constrained(new Counting(6, 6), true);
    assertThat(complete.apply(new float[7])).isFalse();
    assertThat(complete.ending(0)).isEmpty();
    complete.requireMayEnd();
    TokenRules stuck = constrained(new Counting(6, 9), false);
    assertThat(stuck.apply(new float[7])).isFalse();
    assertThatThrownBy(stuck::requireMayEnd)
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("none is");
  }

  @Test
  void everyStrategyFailsWhereNothingMayFollow() {
    for (String strategy : STRATEGIES) {
      RandomModel model = new RandomModel(7, 4, 64, 5);
      DecodingRequest request =
          new DecodingRequest(
              List.of(2, 2),
              Optional.empty(),
              options(DecodingStrategy.parse(strategy), Penalties.NONE, true),
              Set.of(0),
              Optional.of(new Counting(1, 9)),
              Optional.empty());
      Decoding decoding = Decodings.begin(model, model.begin(), request);
      assertThatThrownBy(() -> RandomModel.run(model, decoding))
          .as(strategy)
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("none is");
      decoding.close();
      assertThat(model.living()).as(strategy).isZero();
    }
  }

  @Test
  void everyStrategyWritesWhatTheConstraintAllows() {
    for (String strategy : STRATEGIES) {
      RandomModel model = new RandomModel(7, 4, 64, 5);
      DecodingOptions options = options(DecodingStrategy.parse(strategy), Penalties.NONE, true);
      DecodingRequest request =
          new DecodingRequest(
              List.of(2, 2),
              Optional.empty(),
              options,
              Set.of(0),
              Optional.of(new Counting(1, 6)),
              Optional.empty());
      Decoding decoding = RandomModel.run(model, Decodings.begin(model, model.begin(), request));
      assertThat(decoding.certain()).as(strategy).containsExactly(1, 2, 3, 4, 5);
      assertThat(decoding.finishReason()).as(strategy).contains(FinishReason.END);
      decoding.close();
      assertThat(model.living()).as(strategy).isZero();
    }
  }

  /** The text has so many tokens. */
  private static final class Length implements StopCondition {
    private final int most;
    private int length;

    private Length(int most) {
      this.most = most;
    }

    @Override
    public boolean accept(int token) {
      return ++length >= most;
    }

    @Override
    public StopCondition fork() {
      Length fork = new Length(most);
      fork.length = length;
      return fork;
    }
  }

  @Test
  void everyStrategyStopsWhereItIsTold() {
    for (String strategy : STRATEGIES) {
      RandomModel model = new RandomModel(7, 4, 64, 5);
      DecodingRequest request =
          new DecodingRequest(
              List.of(2, 2),
              Optional.empty(),
              options(DecodingStrategy.parse(strategy), Penalties.NONE, true),
              Set.of(),
              Optional.empty(),
              Optional.of(new Length(5)));
      Decoding decoding = RandomModel.run(model, Decodings.begin(model, model.begin(), request));
      assertThat(decoding.certain()).as(strategy).hasSize(5);
      assertThat(decoding.finishReason()).as(strategy).contains(FinishReason.STOP);
      decoding.close();
      assertThat(model.living()).as(strategy).isZero();
    }
  }

  /** Whatever begins with some token cannot be finished; another one may follow by itself alone. */
  private record Trap(int trap, List<Integer> written) implements TokenConstraint {
    @Override
    public void restrict(BitSet tokens) {
      for (int token = tokens.nextSetBit(0); token >= 0; token = tokens.nextSetBit(token + 1)) {
        tokens.set(token, written.isEmpty());
      }
    }

    @Override
    public void accept(int token) {
      written.add(token);
    }

    @Override
    public boolean mayEnd() {
      return !written.isEmpty() && written.getFirst() != trap;
    }

    @Override
    public TokenConstraint fork() {
      return new Trap(trap, new ArrayList<>(written));
    }
  }

  @Test
  void aBeamThatIsStuckLeavesTheOthersTheirChance() {
    RandomModel model = new RandomModel(7, 4, 64, 5);
    int likeliest = TopTokens.of(model.logits(List.of(2, 2)), 1)[0];
    int second = TopTokens.of(model.logits(List.of(2, 2)), 2)[1];
    DecodingRequest request =
        new DecodingRequest(
            List.of(2, 2),
            Optional.empty(),
            options(DecodingStrategy.parse("beam,width=2"), Penalties.NONE, false),
            Set.of(),
            Optional.of(new Trap(likeliest, new ArrayList<>())),
            Optional.empty());
    try (Decoding decoding =
        RandomModel.run(model, Decodings.begin(model, model.begin(), request))) {
      assertThat(decoding.certain()).containsExactly(second);
      assertThat(decoding.finishReason()).contains(FinishReason.END);
    }
  }

  private static final List<String> STRATEGIES =
      List.of("greedy", "sample,seed=1", "beam,width=3", "contrastive,top-k=4");

  private static TokenRules constrained(TokenConstraint constraint, boolean ignoreEnd) {
    return new TokenRules(
        new DecodingRequest(
            List.of(2),
            Optional.empty(),
            options(Penalties.NONE, ignoreEnd),
            Set.of(0, 7, 90),
            Optional.of(constraint),
            Optional.empty()),
        7);
  }

  private static DecodingOptions options(Penalties penalties, boolean ignoreEnd) {
    return options(new DecodingStrategy.Greedy(), penalties, ignoreEnd);
  }

  private static DecodingOptions options(
      DecodingStrategy strategy, Penalties penalties, boolean ignoreEnd) {
    return new DecodingOptions(
        strategy,
        penalties,
        20,
        ignoreEnd,
        List.of(),
        false,
        -1,
        Optional.empty(),
        Optional.empty());
  }
}
