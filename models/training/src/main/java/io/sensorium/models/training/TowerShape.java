package io.sensorium.models.training;

import io.sensorium.models.training.adapters.FeatureShape;

/**
 * The shape of a plain pre-norm vision or spectrogram transformer.
 *
 * @param channels input channels, 3 for pixels, 1 for a spectrogram
 * @param rows input rows (pixels or mel bins), a multiple of {@code patch}
 * @param columns input columns (pixels or frames), a multiple of {@code patch}
 * @param patch side of the square patches, which do not overlap
 * @param specialTokens 1 for a class token, 2 for class and distillation tokens
 * @param hidden width of the residual stream, a multiple of {@code heads}
 * @param layers transformer blocks
 * @param heads attention heads
 * @param projection width of the shared space
 */
public record TowerShape(
    int channels,
    int rows,
    int columns,
    int patch,
    int specialTokens,
    int hidden,
    int layers,
    int heads,
    int projection) {

  public TowerShape {
    if (rows % patch != 0 || columns % patch != 0) {
      throw new IllegalArgumentException(
          "rows and columns must be multiples of the patch %d; got %d x %d"
              .formatted(patch, rows, columns));
    }
    if (hidden % heads != 0 || hidden % 4 != 0) {
      throw new IllegalArgumentException(
          "hidden must be a multiple of 4 and of heads %d; got %d".formatted(heads, hidden));
    }
    if (specialTokens != 1 && specialTokens != 2) {
      throw new IllegalArgumentException("specialTokens must be 1 or 2; got " + specialTokens);
    }
  }

  /**
   * A tower over spectrograms of the size that the defaults carry, for the shared space.
   *
   * @param rows frequencies, a multiple of 16
   * @param columns frames, a multiple of 16
   */
  public static TowerShape ofSpectrograms(int rows, int columns) {
    return new TowerShape(1, rows, columns, 16, 2, 128, 4, 4, TextHead.WIDTH);
  }

  /** Values of one channel of the input. */
  int values() {
    return rows * columns;
  }

  int patchRows() {
    return rows / patch;
  }

  int patchColumns() {
    return columns / patch;
  }

  int tokens() {
    return patchRows() * patchColumns() + specialTokens;
  }

  int patchElements() {
    return channels * patch * patch;
  }

  /** The sizes of what the tower says of an item. */
  FeatureShape features() {
    return new FeatureShape(
        tokens(), specialTokens, patchRows(), patchColumns(), hidden, projection);
  }

  int intermediate() {
    return 4 * hidden;
  }
}
