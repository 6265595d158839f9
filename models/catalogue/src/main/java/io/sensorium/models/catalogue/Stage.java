package io.sensorium.models.catalogue;

/**
 * A row of equal transformer layers.
 *
 * @param layers how many
 * @param width numbers per token
 * @param feedForward the width between the two matrices of the feed-forward part
 * @param heads of attention
 * @param tokens of one item at its usual length
 * @param gated whether the feed-forward part has a third matrix for its gate
 */
public record Stage(int layers, int width, int feedForward, int heads, int tokens, boolean gated) {
  private static final int FLOAT_BYTES = 4;

  public Stage {
    if (layers < 1 || width < 1 || feedForward < 1 || heads < 1 || tokens < 1) {
      throw new IllegalArgumentException("every size of a stage must be positive");
    }
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "heads must divide the width; got %d and %d".formatted(heads, width));
    }
  }

  /** Numbers in the layers' matrices. */
  public long matrices() {
    long attention = 4L * width * width;
    long feedForwards = (gated ? 3L : 2L) * width * feedForward;
    return layers * (attention + feedForwards);
  }

  /**
   * Bytes of activations while one item passes: the layer's input, its queries, keys, values and
   * sum, the feed-forward part, and the scores of every head.
   */
  public long workingBytes() {
    long perToken = 5L * width + (gated ? 3L : 2L) * feedForward;
    long scores = (long) heads * tokens * tokens;
    return FLOAT_BYTES * (tokens * perToken + scores);
  }
}
