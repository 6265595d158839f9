package io.sensorium.language.decoding;

import io.sensorium.api.InferenceException;
import io.sensorium.api.language.DecodingOptions.Penalties;
import io.sensorium.api.language.FinishReason;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a text's tokens so far make of the next one's scores: penalties first, then what its
 * constraint leaves, in the order of transformers' logits processors; and with which token the text
 * ends. One thread at a time.
 */
final class TokenRules {
  private final Penalties penalties;
  private final Set<Integer> endTokens;
  private final boolean ignoreEnd;
  private final Optional<TokenConstraint> constraint;
  private final Optional<StopCondition> stop;
  private final BitSet allowed;
  // How often tokens of the prompt or the text stand in the text.
  private final Map<Integer, Integer> counts;

  /** The rules of a text that has only its prompt. */
  TokenRules(DecodingRequest request, int vocabularySize) {
    this.penalties = request.options().penalties();
    this.ignoreEnd = request.options().ignoreEnd();
    // A tokenizer may know tokens that have no logit, which therefore never come.
    this.endTokens =
        request.endTokens().stream()
            .filter(token -> token >= 0 && token < vocabularySize)
            .collect(Collectors.toUnmodifiableSet());
    this.constraint = request.constraint();
    this.stop = request.stop();
    this.allowed = new BitSet(vocabularySize);
    this.counts = new HashMap<>();
    if (penalties.repetition() != 1) {
      request.prompt().stream().filter(token -> token >= 0).forEach(token -> counts.put(token, 0));
    }
  }

  private TokenRules(TokenRules original) {
    this.penalties = original.penalties;
    this.ignoreEnd = original.ignoreEnd;
    this.endTokens = original.endTokens;
    this.constraint = original.constraint.map(TokenConstraint::fork);
    this.stop = original.stop.map(StopCondition::fork);
    this.allowed = original.allowed;
    this.counts = new HashMap<>(original.counts);
  }

  /** The rules of a text that has the same tokens and goes its own way. */
  TokenRules fork() {
    return new TokenRules(this);
  }

  /**
   * Changes scores.
   *
   * @return whether a token is left; if none is, the text can only end here, if it {@link #mayEnd}
   */
  boolean apply(float[] scores) {
    counts.forEach((token, count) -> scores[token] = penalised(scores[token], count));
    if (constraint.isEmpty()) {
      return true;
    }
    allowed.set(0, scores.length);
    constraint.get().restrict(allowed);
    if (!ignoreEnd) {
      boolean mayEnd = mayEnd();
      endTokens.forEach(token -> allowed.set(token, mayEnd));
    }
    for (int token = allowed.nextClearBit(0); token < scores.length; ) {
      int next = allowed.nextSetBit(token);
      Arrays.fill(scores, token, next < 0 ? scores.length : next, Float.NEGATIVE_INFINITY);
      token = next < 0 ? scores.length : allowed.nextClearBit(next);
    }
    return scores[Scores.largest(scores)] > Float.NEGATIVE_INFINITY;
  }

  /** Answers whether the text may end here. */
  boolean mayEnd() {
    return constraint.map(TokenConstraint::mayEnd).orElse(true);
  }

  /**
   * To be called where no token is left.
   *
   * @throws InferenceException if the text must not end here
   */
  void requireMayEnd() {
    if (!mayEnd()) {
      throw new InferenceException(
          "at least one token must be able to follow what the answer must satisfy; none is");
    }
  }

  private float penalised(float score, int count) {
    float penalty = (float) penalties.repetition();
    float repeated = score < 0 ? score * penalty : score / penalty;
    return count == 0
        ? repeated
        : (float) (repeated - penalties.presence() - penalties.frequency() * count);
  }

  /** How many tokens end the text. */
  int endTokens() {
    return ignoreEnd ? 0 : endTokens.size();
  }

  /** Answers whether other tokens than those of the model may end the text. */
  boolean mayStop() {
    return stop.isPresent();
  }

  /** How the text ends with a token, if it does. */
  Optional<FinishReason> ending(int token) {
    if (!ignoreEnd && endTokens.contains(token)) {
      return Optional.of(FinishReason.END);
    }
    return stop.filter(condition -> condition.fork().accept(token))
        .map(condition -> FinishReason.STOP);
  }

  /** Goes on after a token that was chosen and does not end the text. */
  void accept(int token) {
    if (!penalties.equals(Penalties.NONE)) {
      counts.merge(token, 1, Integer::sum);
    }
    constraint.ifPresent(rules -> rules.accept(token));
    stop.ifPresent(condition -> condition.accept(token));
  }
}
