package io.sensorium.api.language;

import java.util.List;
import java.util.Objects;

/**
 * How probable a token was where it was chosen. Immutable.
 *
 * @param id in the vocabulary
 * @param text what it stands for; bytes that are no whole character are shown as U+FFFD
 * @param logProbability natural logarithm, before penalties, temperature and filters
 * @param alternatives the most probable tokens there, best first, without alternatives of their own
 */
public record TokenScore(
    int id, String text, double logProbability, List<TokenScore> alternatives) {
  public TokenScore {
    Objects.requireNonNull(text, "text");
    alternatives = List.copyOf(alternatives);
  }
}
