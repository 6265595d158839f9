package io.sensorium.language.schema;

import java.util.List;

/** Arrays as values: first these items, then others alike, so many in all. */
final class ArrayValue implements Value.Choice {
  private final List<Value> prefix;
  private final Value rest;
  private final int minimum;
  private final int maximum;
  private int height = Frame.MAX_DEPTH + 1;

  ArrayValue(List<Value> prefix, Value rest, int minimum, int maximum) {
    this.prefix = List.copyOf(prefix);
    this.rest = rest;
    this.minimum = minimum;
    this.maximum = maximum;
  }

  private Value item(int index) {
    return index < prefix.size() ? prefix.get(index) : rest;
  }

  /** Bytes of the items that are still needed, each after a comma. */
  private int needed(int count) {
    long bytes = 0;
    int first = Math.min(minimum, prefix.size());
    for (int index = count; index < first; index++) {
      bytes += 1L + prefix.get(index).shortest();
    }
    int others = minimum - Math.max(count, first);
    return others > 0
        ? Spelling.sum(bytes, others * (1L + rest.shortest()))
        : Spelling.sum(bytes, 0);
  }

  @Override
  public int shortest() {
    return Spelling.sum(2, needed(0) - (minimum > 0 ? 1 : 0));
  }

  @Override
  public void measure() {
    int highest = 0;
    for (int index = 0; index < Math.min(minimum, prefix.size() + 1); index++) {
      highest = Math.max(highest, item(index).height());
    }
    height = highest + 1;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public void enter(int next, Frame parent, List<Frame> out) {
    if (next == '[') {
      out.add(new ArrayFrame(this, 0, parent));
    }
  }

  @Override
  public int witness(Frame parent) {
    return '[';
  }

  /** After an opening bracket or an item. */
  private static final class ArrayFrame extends Frame {
    private final ArrayValue array;

    /** Items before; what is above does not matter without a maximum. */
    private final int count;

    private final Frame parent;

    ArrayFrame(ArrayValue array, int count, Frame parent) {
      super(
          Spelling.sum(1 + array.needed(count) - (missesFirst(array, count) ? 1 : 0), parent.cost),
          parent.depth + 1,
          31 * (31 * System.identityHashCode(array) + count) + parent.hashCode());
      this.array = array;
      this.count = count;
      this.parent = parent;
    }

    private static boolean missesFirst(ArrayValue array, int count) {
      return count == 0 && array.minimum > 0;
    }

    @Override
    void step(int next, List<Frame> out) {
      if (next == ']') {
        if (count >= array.minimum) {
          out.add(parent);
        }
        return;
      }
      Value item = array.item(count);
      if (count >= array.maximum || !item.possible() || !fits(item.height())) {
        return;
      }
      if (count > 0) {
        if (next == ',') {
          out.add(new ValueFrame(item, true, after()));
        }
      } else {
        item.enter(next, after(), out);
      }
    }

    private Frame after() {
      int steady = Math.max(1, Math.max(array.minimum, array.prefix.size()));
      int next = array.maximum == Integer.MAX_VALUE ? Math.min(count + 1, steady) : count + 1;
      return new ArrayFrame(array, next, parent);
    }

    @Override
    int witness() {
      if (count >= array.minimum) {
        return ']';
      }
      return count > 0 ? ',' : array.item(0).witness(after());
    }

    @Override
    boolean isEqual(Frame other) {
      ArrayFrame that = (ArrayFrame) other;
      return array == that.array && count == that.count && parent.equals(that.parent);
    }
  }
}
