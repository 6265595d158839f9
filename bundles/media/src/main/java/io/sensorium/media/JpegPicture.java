package io.sensorium.media;

/**
 * The planes of a picture that is being decoded: takes the coefficients of all blocks in rows of
 * units and writes pixels. Used by one thread.
 */
final class JpegPicture {
  private final JpegFrame frame;
  private final JpegPlane[] planes;
  private final JpegInverseDct transform = new JpegInverseDct();
  private final JpegPixelRows pixels;

  JpegPicture(JpegFrame frame, RgbCanvas canvas) {
    this.frame = frame;
    this.planes = frame.components().stream().map(c -> plane(frame, c)).toArray(JpegPlane[]::new);
    this.pixels = new JpegPixelRows(frame, planes, canvas);
  }

  private static JpegPlane plane(JpegFrame frame, JpegFrame.Component component) {
    return new JpegPlane(
        component.blocksX() < frame.chromaStepX(),
        frame.columns(component),
        frame.unitsAcross() * component.blocksX(),
        component.blocksY());
  }

  /**
   * Transforms one block of the current row of units.
   *
   * @param coefficients dequantized, rows from the top; zeros afterwards
   * @param written the union of the bits of those indexes whose coefficient may not be zero
   * @param row of blocks within the row of units
   */
  void write(int component, int column, int row, int[] coefficients, int written) {
    transform.transform(coefficients, written, planes[component], 1 + 8 * row, column);
  }

  /** Writes the pixels of a row of units whose blocks are all there; rows come in order. */
  void finishRow(int unitRow) {
    for (JpegPlane plane : planes) {
      plane.finish();
    }
    pixels.write(unitRow);
    for (JpegPlane plane : planes) {
      plane.advance();
    }
  }

  JpegFrame frame() {
    return frame;
  }
}
