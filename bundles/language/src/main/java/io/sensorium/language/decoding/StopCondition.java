package io.sensorium.language.decoding;

/**
 * Whether a text is over though its model would go on: a state machine over token ids. One thread
 * at a time.
 */
public interface StopCondition {
  /** Goes on to the state after a token; answers whether the text is over with it. */
  boolean accept(int token);

  /** A condition in the same state that goes its own way. */
  StopCondition fork();
}
