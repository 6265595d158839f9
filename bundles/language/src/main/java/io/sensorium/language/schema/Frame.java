package io.sensorium.language.schema;

import java.util.List;

/**
 * One way to read the bytes so far: what stands open, innermost first. Every frame can be led to
 * the end. Immutable; frames that go on alike are equal.
 */
abstract class Frame {
  /** Arrays and objects that may lie within each other. */
  static final int MAX_DEPTH = 64;

  /** Everything is said. */
  static final Frame END =
      new Frame(0, 0, 0) {
        @Override
        void step(int next, List<Frame> out) {}

        @Override
        int witness() {
          throw new IllegalStateException("the text has ended");
        }

        @Override
        boolean isEqual(Frame other) {
          return true;
        }
      };

  /** Bytes to the end on the way that {@link #witness} shows; 0 where the text may end. */
  final int cost;

  /** Arrays and objects that stand open. */
  final int depth;

  private final int hash;

  Frame(int cost, int depth, int hash) {
    this.cost = cost;
    this.depth = depth;
    this.hash = hash;
  }

  /** Adds what may be after one more byte; nothing if it must not follow. */
  abstract void step(int next, List<Frame> out);

  /**
   * The next byte of a short way to the end: one frame that follows it costs one byte less. The
   * same for equal frames, and once on the way it stays the same way. Only if the cost is not 0.
   */
  abstract int witness();

  abstract boolean isEqual(Frame other);

  /** How many characters that stand for themselves may follow, whatever they are. */
  int free() {
    return 0;
  }

  /** At least the cost after any such characters. */
  int freeCost() {
    return cost;
  }

  /** Whether a value of this height can stand here. */
  final boolean fits(int height) {
    return depth + height <= MAX_DEPTH;
  }

  @Override
  public final boolean equals(Object other) {
    return this == other
        || (other instanceof Frame frame
            && frame.hash == hash
            && frame.cost == cost
            && frame.getClass() == getClass()
            && isEqual(frame));
  }

  @Override
  public final int hashCode() {
    return hash;
  }
}
