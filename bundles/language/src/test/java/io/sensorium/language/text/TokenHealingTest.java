package io.sensorium.language.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.language.decoding.TokenConstraint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A prompt that ends within a word is gone on with as if it did not. */
class TokenHealingTest {
  private static final String TALK =
      "two red bells in the top left and two red bells in the top right and one blue drum";

  private static ModelText text;

  @BeforeAll
  static void open() {
    text = ModelText.open(TextPackages.of(TextPackages.LM_DEFAULT), TextPackages.LM_DEFAULT_SIZE);
  }

  @AfterAll
  static void close() {
    text.close();
  }

  private static PromptTokens raw(String words) {
    return text.encode(Prompt.of(words), 512, 0);
  }

  private static TokenHealing healed(String words) {
    return TokenHealing.of(raw(words), text.vocabulary()).orElseThrow();
  }

  private static List<String> allowed(TokenConstraint... constraints) {
    BitSet tokens = new BitSet();
    tokens.set(0, text.vocabulary().size());
    for (TokenConstraint constraint : constraints) {
      constraint.restrict(tokens);
    }
    return tokens.stream().mapToObj(TokenHealingTest::bytes).toList();
  }

  private static String bytes(int token) {
    return StandardCharsets.ISO_8859_1.decode(text.vocabulary().bytes(token)).toString();
  }

  @Test
  void theAnswerBeginsWithWhatWasTakenAway() {
    TokenHealing healing = healed("two red bel");
    String removed = healing.removed();

    assertThat("two red bel").endsWith(removed);
    assertThat(removed).isEqualTo(" bel");
    assertThat(allowed(healing))
        .contains(" bells", " bel".substring(0, 2), " ")
        .allMatch(token -> token.startsWith(removed) || removed.startsWith(token));
    assertThat(healing.mayEnd()).isFalse();
    healing.accept(text.encode(" bells").getFirst());
    assertThat(healing.mayEnd()).isTrue();
    assertThat(allowed(healing)).hasSize(text.vocabulary().size());
  }

  @Test
  void severalTokensMayMakeUpWhatWasTakenAway() {
    TokenHealing healing = healed("two red bel");
    healing.accept(text.encode(" ").getFirst());

    assertThat(allowed(healing)).contains("b").noneMatch(token -> token.startsWith(" "));
  }

  @Test
  void forksGoTheirOwnWay() {
    TokenHealing healing = healed("two red bel");
    TokenConstraint fork = healing.fork();
    fork.accept(text.encode(" bells").getFirst());

    assertThat(fork.mayEnd()).isTrue();
    assertThat(healing.mayEnd()).isFalse();
  }

  @Test
  void otherConstraintsHoldToo() {
    int bells = text.encode(" bells").getFirst();
    TokenConstraint other = new Without(bells);

    assertThat(allowed(healed("two red bel"), other))
        .doesNotContain(" bells")
        .allMatch(token -> token.startsWith(" bel") || " bel".startsWith(token));
  }

  /** Forbids one token. */
  private record Without(int token) implements TokenConstraint {
    @Override
    public void restrict(BitSet tokens) {
      tokens.clear(token);
    }

    @Override
    public void accept(int chosen) {
      assertThat(chosen).isNotEqualTo(token);
    }

    @Override
    public boolean mayEnd() {
      return true;
    }

    @Override
    public TokenConstraint fork() {
      return this;
    }
  }

  @Test
  void whatNoTokenGoesOnWithStaysAsItIs() {
    assertThat(TokenHealing.of(raw("\u0001\u0002"), text.vocabulary())).isEmpty();
  }

  @Test
  void specialTokensAndLonePromptsStay() {
    Prompt special = new Prompt.Raw(List.of(new PromptPart.Tokens(List.of(20, 21, 2))));
    Prompt lone =
        new Prompt.Raw(List.of(new PromptPart.Tokens(List.of(text.encode("t").getFirst()))));

    assertThat(TokenHealing.of(text.encode(special, 512, 0), text.vocabulary())).isEmpty();
    assertThat(TokenHealing.of(text.encode(lone, 512, 0), text.vocabulary())).isEmpty();
    assertThat(TokenHealing.of(text.encode(Prompt.question("a"), 512, 0), text.vocabulary()))
        .isEmpty();
  }

  /**
   * A model of pairs, read off a text whose tokens are the tokenizer's own, never saw a space by
   * itself, and knows nothing to say after it.
   */
  @Test
  void aTrailingSpaceNoLongerStrikesTheModelDumb() {
    PairModel model = new PairModel(text.encode(TALK));
    String prompt = "one blue ";

    assertThat(model.answer(raw(prompt).closingTokens(), Optional.empty(), 1)).isEmpty();

    TokenHealing healing = healed(prompt);
    List<Integer> answer = model.answer(healing.prompt().closingTokens(), Optional.of(healing), 1);
    AnswerText told = text.answer(Prompt.of(prompt), Optional.of(healing), List.of());
    StringBuilder all = new StringBuilder();
    answer.forEach(token -> all.append(told.accept(token)));
    all.append(told.end());
    assertThat(all).hasToString("drum");
  }

  /** Says what followed a token most often. */
  private static final class PairModel {
    private final Map<Integer, Map<Integer, Integer>> followers = new HashMap<>();

    PairModel(List<Integer> talk) {
      for (int i = 1; i < talk.size(); i++) {
        followers
            .computeIfAbsent(talk.get(i - 1), token -> new HashMap<>())
            .merge(talk.get(i), 1, Integer::sum);
      }
    }

    List<Integer> answer(List<Integer> prompt, Optional<TokenHealing> constraint, int length) {
      List<Integer> answer = new ArrayList<>();
      int last = prompt.getLast();
      while (answer.size() < length && followers.containsKey(last)) {
        BitSet tokens = new BitSet();
        followers.get(last).keySet().forEach(tokens::set);
        constraint.ifPresent(healing -> healing.restrict(tokens));
        Map<Integer, Integer> counts = followers.get(last);
        last = tokens.stream().boxed().max((a, b) -> counts.get(a) - counts.get(b)).orElseThrow();
        constraint.orElseThrow().accept(last);
        answer.add(last);
      }
      return answer;
    }
  }
}
