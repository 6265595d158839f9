package io.sensorium.language.schema;

/**
 * Which texts a string may be: states over scalar values, from each of which a text of the language
 * can be reached. Immutable.
 */
interface StringLanguage {
  int start();

  /** The state after a scalar value; -1 if no text of the language goes on like this. */
  int next(int state, int point);

  boolean accepts(int state);

  /** Bytes of the shortest way to a text of the language. */
  int distance(int state);

  /**
   * The scalar value in first..last that leads to the end with the fewest bytes, the least of
   * several; -1 if none leads there.
   */
  int best(int state, int first, int last);

  /** How many scalar values may follow whatever they are. */
  int free(int state);
}
