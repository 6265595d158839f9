package io.sensorium.models.world;

/**
 * What a sentence says about a number of objects. Immutable.
 *
 * @param least at least 1
 * @param most at least {@code least}
 */
public record CountRange(int least, int most) {

  /** Nothing is said. */
  public static final CountRange ANY = new CountRange(1, Integer.MAX_VALUE);

  /** A plural without a number: two or more. */
  public static final CountRange SEVERAL = new CountRange(2, Integer.MAX_VALUE);

  public CountRange {
    if (least < 1 || most < least) {
      throw new IllegalArgumentException(
          "a count range needs 1 <= least <= most; got " + least + ".." + most);
    }
  }

  /** Exactly {@code count} objects. */
  public static CountRange exactly(int count) {
    return new CountRange(count, count);
  }

  /** Whether {@code count} lies in the range. */
  public boolean contains(int count) {
    return least <= count && count <= most;
  }
}
