package io.sensorium.language.decoding;

import io.sensorium.api.language.Extension;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Prediction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A text that grows by one token after the other, each of which is certain once it is chosen. */
abstract sealed class OneTextDecoding implements Decoding
    permits SingleTextDecoding, ContrastiveDecoding {
  private final TextRun run;
  private final TokenRules rules;
  private final List<Integer> tokens = new ArrayList<>();
  private final List<ScoredToken> scores = new ArrayList<>();
  private Optional<TokenProbabilities> probabilities = Optional.empty();
  private List<Extension> wanted;
  private Optional<FinishReason> finishReason = Optional.empty();

  /**
   * @param hiddenStates whether those of the prompt are wanted
   */
  OneTextDecoding(TextRun run, boolean hiddenStates) {
    this.run = run;
    this.rules = run.rules();
    this.wanted = run.prompt(hiddenStates);
  }

  /**
   * The scores of what may follow, to be changed at will; if nothing may, the text has ended.
   *
   * @param prediction after all tokens so far
   */
  final Optional<float[]> offers(Prediction prediction) {
    float[] logits = run.logits(prediction, tokens.size());
    probabilities = run.probabilities(logits);
    if (rules.apply(logits)) {
      return Optional.of(logits);
    }
    rules.requireMayEnd();
    finish(FinishReason.END);
    return Optional.empty();
  }

  /** Takes one of the offered tokens, which may end the text. */
  final void take(int token) {
    tokens.add(token);
    probabilities.ifPresent(known -> scores.add(known.of(token)));
    Optional<FinishReason> ending = rules.ending(token);
    if (ending.isPresent()) {
      finish(ending.get());
      return;
    }
    rules.accept(token);
    if (tokens.size() == run.mostTokens()) {
      finish(FinishReason.LENGTH);
    }
  }

  private void finish(FinishReason reason) {
    finishReason = Optional.of(reason);
    wanted = List.of();
  }

  /** What is to be run next, unless the text has ended. */
  final void want(List<Extension> next) {
    wanted = next;
  }

  @Override
  public final List<Extension> wanted() {
    return wanted;
  }

  @Override
  public final List<Integer> certain() {
    return Collections.unmodifiableList(tokens);
  }

  @Override
  public final List<ScoredToken> scores() {
    return Collections.unmodifiableList(scores);
  }

  @Override
  public final Optional<FinishReason> finishReason() {
    return finishReason;
  }
}
