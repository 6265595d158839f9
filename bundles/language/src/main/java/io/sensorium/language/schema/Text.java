package io.sensorium.language.schema;

/** What may follow within quotes, at the border of two characters. Immutable, with equality. */
interface Text {
  /** What {@link #choice} says where the closing quote is next. */
  int CLOSE = -1;

  /** After one more scalar value; null if it must not follow. */
  Text next(int point);

  /**
   * The scalar value in first..last that the shortest way to the end takes; -1 if none may follow.
   * One that is best in a range is best in every part of it.
   */
  int best(int first, int last);

  /** Which of two scalar values that may follow is best in a range that has both. */
  int better(int one, int other);

  /** The scalar value that the shortest way takes next, or {@link #CLOSE}. */
  int choice();

  /** What stands open after the closing quote; null if it must not follow. */
  Frame closed();

  /** Bytes of the shortest way from here to the very end. */
  int rest();

  /** How many scalar values may follow, whatever they are. */
  int free();

  /** At least the rest after any such. */
  int freeRest();

  int depth();

  Spelling spelling();
}
