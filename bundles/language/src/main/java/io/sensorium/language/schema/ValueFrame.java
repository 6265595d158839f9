package io.sensorium.language.schema;

import java.util.List;

/** Before a value. */
final class ValueFrame extends Frame {
  private final Value value;
  private final boolean space;
  private final Frame parent;

  /**
   * A place for a value.
   *
   * @param space whether a space may stand before it
   * @param parent what goes on after it
   */
  ValueFrame(Value value, boolean space, Frame parent) {
    super(
        Spelling.sum(value.shortest(), parent.cost),
        parent.depth,
        31 * (2 * System.identityHashCode(value) + (space ? 1 : 0)) + parent.hashCode());
    this.value = value;
    this.space = space;
    this.parent = parent;
  }

  @Override
  void step(int next, List<Frame> out) {
    if (next != ' ') {
      value.enter(next, parent, out);
    } else if (space) {
      out.add(new ValueFrame(value, false, parent));
    }
  }

  @Override
  int witness() {
    return value.witness(parent);
  }

  @Override
  boolean isEqual(Frame other) {
    ValueFrame that = (ValueFrame) other;
    return value == that.value && space == that.space && parent.equals(that.parent);
  }
}
