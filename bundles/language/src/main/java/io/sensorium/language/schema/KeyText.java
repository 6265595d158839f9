package io.sensorium.language.schema;

import java.util.List;

/**
 * The name of a property. The names in from..to-1 of the object begin with what is written.
 *
 * @param length code points that are written
 * @param written what is written, where the name may be another one; empty if not
 */
record KeyText(ObjectFrame frame, int from, int to, int length, String written) implements Text {
  /** Before the first character; null if no property may come. */
  static Text begin(ObjectFrame frame) {
    return possible(new KeyText(frame, 0, frame.object().properties().size(), 0, ""));
  }

  private static KeyText possible(KeyText text) {
    return text.frame.mayHaveOthers() || text.shortest(-1, Character.MAX_CODE_POINT) >= 0
        ? text
        : null;
  }

  private List<ObjectValue.Property> properties() {
    return frame.object().properties();
  }

  /** The next code point of a name; -1 at its end. */
  private int point(int index) {
    ObjectValue.Property property = properties().get(index);
    return length < property.length() ? property.point(length) : CLOSE;
  }

  /**
   * The property that is done with the fewest bytes and goes on within first..last; -1 for none.
   */
  private int shortest(int first, int last) {
    int best = -1;
    int bytes = Spelling.NEVER;
    for (int index = from; index < to; index++) {
      int point = point(index);
      if (point >= first && point <= last && frame.mayHave(index)) {
        int rest = rest(index);
        if (best < 0 || rest < bytes) {
          best = index;
          bytes = rest;
        }
      }
    }
    return best;
  }

  private int rest(int index) {
    ObjectValue.Property property = properties().get(index);
    int name = frame.object().bytes(property, length);
    int value = property.value().shortest();
    int after = frame.restAfterOther() - (property.required() ? frame.object().bytes(property) : 0);
    return Spelling.sum(2L + name + value, after);
  }

  private boolean isFree(String name) {
    return !frame.object().names(name) && !frame.has(name);
  }

  private int restOfOther() {
    int more = 0;
    for (String name = written; !isFree(name); name += (char) Spelling.FILLER) {
      more++;
    }
    return Spelling.sum(2L + more + frame.object().additional().shortest(), frame.restAfterOther());
  }

  @Override
  public Text next(int point) {
    int first = from;
    while (first < to && point(first) < point) {
      first++;
    }
    int last = first;
    while (last < to && point(last) == point) {
      last++;
    }
    String more = frame.mayHaveOthers() ? written + Character.toString(point) : "";
    return possible(new KeyText(frame, first, last, length + 1, more));
  }

  @Override
  public int best(int first, int last) {
    int property = shortest(first, last);
    if (property >= 0) {
      return point(property);
    }
    return frame.mayHaveOthers() ? spelling().cheapest(first, last) : -1;
  }

  @Override
  public int better(int one, int other) {
    int first = shortest(one, one);
    int second = shortest(other, other);
    if (first < 0 || second < 0) {
      return first < 0 && second >= 0 ? other : one;
    }
    return rest(first) <= rest(second) ? one : other;
  }

  @Override
  public int choice() {
    int property = shortest(CLOSE, Character.MAX_CODE_POINT);
    if (property >= 0) {
      return point(property);
    }
    return isFree(written) ? CLOSE : Spelling.FILLER;
  }

  @Override
  public int rest() {
    int property = shortest(CLOSE, Character.MAX_CODE_POINT);
    return property >= 0 ? rest(property) : restOfOther();
  }

  @Override
  public Frame closed() {
    if (from < to && point(from) == CLOSE) {
      return frame.mayHave(from)
          ? new ColonFrame(properties().get(from).value(), frame.with(from))
          : null;
    }
    return frame.mayHaveOthers() && isFree(written)
        ? new ColonFrame(frame.object().additional(), frame.with(written))
        : null;
  }

  @Override
  public int free() {
    return frame.mayHaveOthers() ? Integer.MAX_VALUE : 0;
  }

  @Override
  public int freeRest() {
    int most =
        Spelling.sum(
            3L + frame.taken() + frame.object().additional().shortest(), frame.restAfterOther());
    for (int index = from; index < to; index++) {
      if (frame.mayHave(index)) {
        most = Math.max(most, rest(index));
      }
    }
    return most;
  }

  @Override
  public int depth() {
    return frame.depth;
  }

  @Override
  public Spelling spelling() {
    return frame.object().spelling();
  }

  /** Between a name and its value. */
  private static final class ColonFrame extends Frame {
    private final Value value;
    private final Frame parent;

    ColonFrame(Value value, Frame parent) {
      super(
          Spelling.sum(1L + value.shortest(), parent.cost),
          parent.depth,
          31 * System.identityHashCode(value) + parent.hashCode());
      this.value = value;
      this.parent = parent;
    }

    @Override
    void step(int next, List<Frame> out) {
      if (next == ':') {
        out.add(new ValueFrame(value, true, parent));
      }
    }

    @Override
    int witness() {
      return ':';
    }

    @Override
    boolean isEqual(Frame other) {
      ColonFrame that = (ColonFrame) other;
      return value == that.value && parent.equals(that.parent);
    }
  }
}
