package io.sensorium.language.decoding;

import io.sensorium.api.language.Extension;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Prediction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** One text that grows by a token at a time. */
final class SingleTextDecoding implements Decoding {
  private final TextRun run;
  private final TokenChooser chooser;
  private final TokenRules rules;
  private final List<Integer> tokens = new ArrayList<>();
  private final List<ScoredToken> scores = new ArrayList<>();
  private List<Extension> wanted;
  private Optional<FinishReason> finishReason = Optional.empty();

  SingleTextDecoding(TextRun run, TokenChooser chooser) {
    this.run = run;
    this.chooser = chooser;
    this.rules = run.rules();
    this.wanted = run.prompt(false);
  }

  @Override
  public List<Extension> wanted() {
    return wanted;
  }

  @Override
  public void accept(List<Prediction> predictions) {
    float[] logits = run.logits(predictions.getFirst(), tokens.size());
    Optional<TokenProbabilities> probabilities = run.probabilities(logits);
    if (!rules.apply(logits)) {
      rules.requireMayEnd();
      finish(FinishReason.END);
      return;
    }
    int token = chooser.choose(logits);
    tokens.add(token);
    probabilities.ifPresent(known -> scores.add(known.of(token)));
    if (rules.ends(token)) {
      finish(FinishReason.END);
      return;
    }
    rules.accept(token);
    if (tokens.size() == run.mostTokens()) {
      finish(FinishReason.LENGTH);
    } else {
      wanted = List.of(new Extension(run.sequence(), List.of(token)));
    }
  }

  private void finish(FinishReason reason) {
    finishReason = Optional.of(reason);
    wanted = List.of();
  }

  @Override
  public List<Integer> certain() {
    return Collections.unmodifiableList(tokens);
  }

  @Override
  public List<ScoredToken> scores() {
    return Collections.unmodifiableList(scores);
  }

  @Override
  public Optional<FinishReason> finishReason() {
    return finishReason;
  }

  @Override
  public void close() {
    run.sequence().close();
  }
}
