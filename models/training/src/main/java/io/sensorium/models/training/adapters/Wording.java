package io.sensorium.models.training.adapters;

/**
 * What an adapter's first rows should say of a medium, a token each. Immutable; the array is
 * shared.
 *
 * @param medium its number, as the features' source counts it
 * @param tokens for the first rows, in order; at least one
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere and copied for nobody
public record Wording(int medium, int[] tokens) {
  public Wording {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("a wording needs tokens; got none");
    }
  }

  /** The same about another medium. */
  public Wording withMedium(int number) {
    return new Wording(number, tokens);
  }
}
