package io.sensorium.models.training.adapters;

/**
 * The sizes of what an encoder says of one item.
 *
 * @param tokens token states, special ones first, then {@code gridRows x gridColumns} patches row
 *     by row; 0 where there are none
 * @param specialTokens of these, how many are no patches
 * @param width of a token state
 * @param embeddingWidth of the unit embedding
 */
public record FeatureShape(
    int tokens, int specialTokens, int gridRows, int gridColumns, int width, int embeddingWidth) {

  public FeatureShape {
    if (specialTokens + gridRows * gridColumns != tokens) {
      throw new IllegalArgumentException(
          "%d tokens must be %d special ones and a grid; got %d x %d"
              .formatted(tokens, specialTokens, gridRows, gridColumns));
    }
  }

  /** Numbers of one item: all token states, then the embedding. */
  public int values() {
    return tokens * width + embeddingWidth;
  }
}
