package io.sensorium.language.decoding;

import java.util.List;

/**
 * How probable a token was. Immutable.
 *
 * @param id in the vocabulary
 * @param logProbability natural logarithm, by the model's own logits: before penalties, temperature
 *     and filters
 * @param alternatives the most probable tokens there, best first, without alternatives of their own
 */
public record ScoredToken(int id, double logProbability, List<ScoredToken> alternatives) {
  public ScoredToken {
    alternatives = List.copyOf(alternatives);
  }
}
