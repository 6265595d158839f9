package io.sensorium.language.schema;

import java.util.List;

/** Within one of several words that are written in one way, such as {@code true} or a number. */
final class LiteralFrame extends Frame {
  private final Value.Literals literals;
  private final int from;
  private final int to;
  private final int position;
  private final int missing;
  private final Frame parent;

  private LiteralFrame(
      Value.Literals literals, int from, int to, int position, int missing, Frame parent) {
    super(
        Spelling.sum(missing, parent.cost),
        parent.depth,
        31 * (31 * (31 * literals.words().getFirst().hashCode() + from) + position)
            + parent.hashCode());
    this.literals = literals;
    this.from = from;
    this.to = to;
    this.position = position;
    this.missing = missing;
    this.parent = parent;
  }

  static LiteralFrame before(Value.Literals literals, Frame parent) {
    return new LiteralFrame(literals, 0, literals.words().size(), 0, literals.shortest(), parent);
  }

  @Override
  void step(int next, List<Frame> out) {
    List<String> words = literals.words();
    int first = from;
    while (first < to && at(words.get(first)) < next) {
      first++;
    }
    int last = first;
    int shortest = Spelling.NEVER;
    while (last < to && at(words.get(last)) == next) {
      shortest = Math.min(shortest, words.get(last).length() - position - 1);
      last++;
    }
    if (first < last) {
      boolean ended = last == first + 1 && shortest == 0;
      out.add(
          ended ? parent : new LiteralFrame(literals, first, last, position + 1, shortest, parent));
    }
    if (missing == 0) {
      parent.step(next, out);
    }
  }

  private int at(String word) {
    return position < word.length() ? word.charAt(position) : -1;
  }

  @Override
  int witness() {
    if (missing == 0) {
      return parent.witness();
    }
    for (int word = from; word < to; word++) {
      if (literals.words().get(word).length() == position + missing) {
        return literals.words().get(word).charAt(position);
      }
    }
    throw new IllegalStateException("no word of " + missing + " more characters");
  }

  @Override
  boolean isEqual(Frame other) {
    LiteralFrame that = (LiteralFrame) other;
    return literals.equals(that.literals)
        && from == that.from
        && to == that.to
        && position == that.position
        && parent.equals(that.parent);
  }
}
