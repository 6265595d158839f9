package io.sensorium.language.decoding;

import java.util.ArrayList;
import java.util.List;

/** What the model itself held of every token at one place. Immutable. */
final class TokenProbabilities {
  private final float[] logits;
  private final double logSum;
  private final List<ScoredToken> alternatives = new ArrayList<>();

  /**
   * @param logits copied
   * @param alternatives how many to tell of
   */
  TokenProbabilities(float[] logits, int alternatives) {
    this.logits = logits.clone();
    this.logSum = Scores.logSum(logits);
    for (int token : TopTokens.of(logits, alternatives)) {
      this.alternatives.add(scored(token, List.of()));
    }
  }

  /** One of them, with the most probable ones. */
  ScoredToken of(int token) {
    return scored(token, alternatives);
  }

  private ScoredToken scored(int token, List<ScoredToken> others) {
    return new ScoredToken(token, logits[token] - logSum, others);
  }
}
