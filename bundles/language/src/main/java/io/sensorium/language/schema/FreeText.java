package io.sensorium.language.schema;

/**
 * Any text of so many code points. A state is how many there are, as far as that matters.
 *
 * @param minimum code points at least
 * @param maximum code points at most; {@link Integer#MAX_VALUE} for any number
 */
record FreeText(int minimum, int maximum, Spelling spelling) implements StringLanguage {
  @Override
  public int start() {
    return 0;
  }

  @Override
  public int next(int state, int point) {
    if (state >= maximum) {
      return -1;
    }
    return maximum == Integer.MAX_VALUE ? Math.min(state + 1, minimum) : state + 1;
  }

  @Override
  public boolean accepts(int state) {
    return state >= minimum;
  }

  @Override
  public int distance(int state) {
    return Math.min(Spelling.NEVER, Math.max(0, minimum - state));
  }

  @Override
  public int best(int state, int first, int last) {
    return state < maximum ? spelling.cheapest(first, last) : -1;
  }

  @Override
  public int free(int state) {
    return maximum == Integer.MAX_VALUE ? maximum : maximum - state;
  }
}
