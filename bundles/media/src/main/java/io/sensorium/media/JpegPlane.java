package io.sensorium.media;

/**
 * The samples of one component for one row of units, an {@code int} each, and before them the last
 * row of the units above.
 *
 * <p>Colours are computed for all even columns and then for all odd ones, in loops over
 * neighbouring ints, which the JVM's compiler turns into vector instructions. A plane of full width
 * therefore has its even columns in front and the odd ones behind; one of half the width gives a
 * pixel of both kinds per sample, and has a margin of one sample on both sides.
 */
final class JpegPlane {
  /** Behind the transform, values have so many binary places. */
  static final int FRACTION_BITS = 18;

  private final boolean halfWidth;
  private final int columns;
  private final int[][] rows;

  /** Where the odd columns begin. */
  final int odd;

  /**
   * @param columns how many samples are real
   * @param blocksAcross columns of blocks, with padding
   * @param blocksDown rows of blocks per row of units
   */
  JpegPlane(boolean halfWidth, int columns, int blocksAcross, int blocksDown) {
    this.halfWidth = halfWidth;
    this.columns = columns;
    this.odd = halfWidth ? 0 : 4 * blocksAcross;
    this.rows = new int[1 + 8 * blocksDown][8 * blocksAcross + 2];
  }

  /** Row 0 is the last one of the units above; the units' own begin with 1. */
  int[] row(int index) {
    return rows[index];
  }

  /** Where the first sample of a block lies in its rows. */
  int start(int blockColumn) {
    return halfWidth ? 8 * blockColumn + 1 : 4 * blockColumn;
  }

  /** Whether even and odd columns lie apart. */
  boolean isSplit() {
    return !halfWidth;
  }

  /** All rows, which the transform writes; see {@link #row}. */
  int[][] rows() {
    return rows;
  }

  /** Rounds what the transform has written to 8 bits and fills the margins. */
  void finish() {
    for (int i = 1; i < rows.length; i++) {
      int[] row = rows[i];
      round(row);
      if (halfWidth) {
        row[0] = row[1];
        row[columns + 1] = row[columns];
      }
    }
  }

  private static void round(int[] row) {
    for (int i = 0; i < row.length; i++) {
      row[i] = Math.min(Math.max(row[i] >> FRACTION_BITS, 0), 255);
    }
  }

  /** Goes on to the next row of units. */
  void advance() {
    int[] last = rows[rows.length - 1];
    rows[rows.length - 1] = rows[0];
    rows[0] = last;
  }
}
