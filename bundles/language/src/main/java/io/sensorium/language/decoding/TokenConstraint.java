package io.sensorium.language.decoding;

import java.util.BitSet;

/**
 * What may follow in one text: a state machine over token ids. Constraints compose by intersection.
 * One thread at a time.
 *
 * <p>Tokens with which the model ends a text may come where {@link #mayEnd} says so, whatever
 * {@link #restrict} leaves; they are not {@linkplain #accept accepted}. Where end tokens are
 * ignored, they are tokens like others.
 */
public interface TokenConstraint {
  /**
   * Clears the bits of all tokens that must not come next; leaves the others as they are.
   *
   * @param tokens as many bits as the vocabulary has ids
   */
  void restrict(BitSet tokens);

  /** Goes on to the state after a token that was chosen. */
  void accept(int token);

  /** Answers whether the text may end here. */
  boolean mayEnd();

  /** A constraint in the same state that goes its own way. */
  TokenConstraint fork();
}
