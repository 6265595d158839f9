package io.sensorium.models.graphs;

/** Height and width, or the rows and columns of a spectrogram. */
record Extent(int rows, int columns) {
  /** How many windows of {@code window}, {@code stride} apart, fit without padding. */
  Extent windows(Extent window, Extent stride) {
    return new Extent(
        Math.floorDiv(rows - window.rows, stride.rows) + 1,
        Math.floorDiv(columns - window.columns, stride.columns) + 1);
  }

  /** Answers whether a window of that size fits. */
  boolean holds(Extent window) {
    return window.rows <= rows && window.columns <= columns;
  }

  long area() {
    return (long) rows * columns;
  }
}
