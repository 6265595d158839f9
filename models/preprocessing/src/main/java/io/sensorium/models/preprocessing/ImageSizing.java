package io.sensorium.models.preprocessing;

/** The sizes and offsets that reference image processors compute, with their rounding. */
public final class ImageSizing {
  private ImageSizing() {}

  /**
   * A width and a height in pixels.
   *
   * @param width positive
   * @param height positive
   */
  public record Size(int width, int height) {
    public Size {
      if (width < 1 || height < 1) {
        throw new IllegalArgumentException(
            "width and height must be positive; got %dx%d".formatted(width, height));
      }
    }
  }

  /**
   * The size whose shorter edge is {@code edge} and whose longer edge keeps the aspect ratio,
   * truncated: {@code int(edge * long / short)}.
   *
   * @param edge positive
   * @throws ArithmeticException if the longer edge exceeds an int
   */
  public static Size shortestEdge(int width, int height, int edge) {
    int shorter = Math.min(width, height);
    int longer = Math.max(width, height);
    // Double as in the reference: the quotient may round, and the truncation sees that.
    int scaled = Math.toIntExact((long) ((double) ((long) edge * longer) / shorter));
    return width <= height ? new Size(edge, scaled) : new Size(scaled, edge);
  }

  /**
   * Resizes so that the shorter edge is {@code edge}.
   *
   * @see #shortestEdge
   */
  public static RgbPixels resizeShortestEdge(RgbPixels image, int edge, ResizeFilter filter) {
    Size size = shortestEdge(image.width(), image.height(), edge);
    return PillowResampler.resize(image, size.width(), size.height(), filter);
  }

  /**
   * Cuts the centre out with the offsets {@code (size - crop) // 2}; a picture smaller than the
   * crop is padded with black.
   */
  public static RgbPixels centreCrop(RgbPixels image, int width, int height) {
    int left = Math.floorDiv(image.width() - width, 2);
    int top = Math.floorDiv(image.height() - height, 2);
    return image.crop(left, top, width, height);
  }
}
