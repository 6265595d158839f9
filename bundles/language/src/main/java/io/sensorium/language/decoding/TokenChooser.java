package io.sensorium.language.decoding;

/** Chooses a token by scores. One thread at a time. */
@FunctionalInterface
interface TokenChooser {
  /**
   * Chooses one.
   *
   * @param scores one for each token, at least one of them above -Infinity; may be changed
   */
  int choose(float[] scores);
}
