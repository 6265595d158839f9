package io.sensorium.models.graphs;

/**
 * A square grid of tokens cut into square windows, as Swin transformers cut it (Liu et al.,
 * arXiv:2103.14030): cyclically shifted up and left, padded to whole windows at the bottom and the
 * right.
 *
 * @param side of the grid, in tokens
 * @param window side of a window, in tokens
 * @param shift by how many tokens the grid is rolled before it is cut, less than the window
 */
record WindowGrid(int side, int window, int shift) {
  /** Where a padded position finds its token: behind all others. */
  private int padding() {
    return side * side;
  }

  private int windowsPerSide() {
    return Math.ceilDiv(side, window);
  }

  private int paddedSide() {
    return windowsPerSide() * window;
  }

  int windows() {
    return windowsPerSide() * windowsPerSide();
  }

  int tokensPerWindow() {
    return window * window;
  }

  /** Answers whether some windows reach over the grid's edge. */
  boolean isPadded() {
    return paddedSide() != side;
  }

  /** Answers whether the one window is the grid, token by token. */
  boolean isWhole() {
    return side == window && shift == 0;
  }

  /** For every window and every token in it, row by row, the token of the grid. */
  long[] cut() {
    long[] sources = new long[paddedSide() * paddedSide()];
    for (int row = 0; row < paddedSide(); row++) {
      for (int column = 0; column < paddedSide(); column++) {
        int y = (row + shift) % paddedSide();
        int x = (column + shift) % paddedSide();
        sources[place(row, column)] = y < side && x < side ? (long) y * side + x : padding();
      }
    }
    return sources;
  }

  /** For every token of the grid its place among the windows' tokens. */
  long[] joined() {
    long[] places = new long[side * side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int row = Math.floorMod(y - shift, paddedSide());
        int column = Math.floorMod(x - shift, paddedSide());
        places[y * side + x] = place(row, column);
      }
    }
    return places;
  }

  /**
   * For every window and every token in it the region that it belongs to: only tokens that were
   * neighbours before the shift attend to each other.
   */
  long[] regions() {
    long[] regions = new long[paddedSide() * paddedSide()];
    for (int row = 0; row < paddedSide(); row++) {
      for (int column = 0; column < paddedSide(); column++) {
        regions[place(row, column)] = 3L * band(row) + band(column);
      }
    }
    return regions;
  }

  private int band(int position) {
    if (position < paddedSide() - window) {
      return 0;
    }
    return position < paddedSide() - shift ? 1 : 2;
  }

  private int place(int row, int column) {
    int before = (row / window) * windowsPerSide() + column / window;
    return before * tokensPerWindow() + (row % window) * window + column % window;
  }

  /** For every pair of tokens in a window the row of the table of relative positions. */
  long[] relativePositions() {
    int tokens = tokensPerWindow();
    long[] rows = new long[tokens * tokens];
    for (int query = 0; query < tokens; query++) {
      for (int key = 0; key < tokens; key++) {
        int down = query / window - key / window + window - 1;
        int right = query % window - key % window + window - 1;
        rows[query * tokens + key] = (long) down * (2 * window - 1) + right;
      }
    }
    return rows;
  }

  /** The rows of the table of relative positions. */
  int distances() {
    return (2 * window - 1) * (2 * window - 1);
  }

  /** For every token of a grid of half the side the four it is merged from, column by column. */
  long[] merged() {
    int half = side / 2;
    long[] sources = new long[4 * half * half];
    int at = 0;
    for (int y = 0; y < half; y++) {
      for (int x = 0; x < half; x++) {
        for (int part = 0; part < 4; part++) {
          sources[at++] = (2L * y + part % 2) * side + 2L * x + part / 2;
        }
      }
    }
    return sources;
  }

  @Override
  public String toString() {
    return "grid %d window %d shift %d".formatted(side, window, shift);
  }
}
