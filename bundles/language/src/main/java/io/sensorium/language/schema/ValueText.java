package io.sensorium.language.schema;

/**
 * A string as a value.
 *
 * @param parent what goes on after it
 */
record ValueText(StringLanguage language, int state, Spelling spelling, Frame parent)
    implements Text {
  @Override
  public Text next(int point) {
    int next = language.next(state, point);
    if (next == state) {
      return this;
    }
    return next < 0 ? null : new ValueText(language, next, spelling, parent);
  }

  @Override
  public int best(int first, int last) {
    return language.best(state, first, last);
  }

  @Override
  public int better(int one, int other) {
    return way(one) <= way(other) ? one : other;
  }

  private int way(int point) {
    return Spelling.sum(spelling.bytes(point), next(point).rest());
  }

  @Override
  public int choice() {
    return language.accepts(state) ? CLOSE : best(0, Character.MAX_CODE_POINT);
  }

  @Override
  public Frame closed() {
    return language.accepts(state) ? parent : null;
  }

  @Override
  public int rest() {
    return Spelling.sum(language.distance(state) + 1, parent.cost);
  }

  @Override
  public int free() {
    return language.free(state);
  }

  @Override
  public int freeRest() {
    return rest();
  }

  @Override
  public int depth() {
    return parent.depth;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ValueText text
        && text.state == state
        && text.language.equals(language)
        && text.parent.equals(parent);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * language.hashCode() + state) + parent.hashCode();
  }
}
