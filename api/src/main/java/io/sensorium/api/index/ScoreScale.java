package io.sensorium.api.index;

/**
 * How a cosine in one version of a space reads in another: {@code factor * cosine + offset}.
 * Immutable.
 *
 * @param factor positive, so that the order of items is kept
 * @param offset any number
 */
public record ScoreScale(double factor, double offset) {
  /** Leaves scores as they are. */
  public static final ScoreScale IDENTITY = new ScoreScale(1, 0);

  public ScoreScale {
    if (!(factor > 0) || !Double.isFinite(factor) || !Double.isFinite(offset)) {
      throw new IllegalArgumentException(
          "a scale needs a positive factor and a finite offset; got %s and %s"
              .formatted(factor, offset));
    }
  }

  /** The score in the other version. */
  public double of(double cosine) {
    return factor * cosine + offset;
  }
}
