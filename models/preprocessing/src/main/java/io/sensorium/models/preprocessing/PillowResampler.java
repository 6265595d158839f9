package io.sensorium.models.preprocessing;

import static io.sensorium.models.preprocessing.RgbPixels.CHANNELS;

/**
 * Resizes pictures bit for bit as Pillow's {@code Image.resize} does for mode RGB.
 *
 * <p>Separable convolution with antialiasing: the horizontal pass first (except for very tall
 * pictures that shrink), each pass in 22-bit fixed point, rounded and clipped to 8 bits. Source:
 * Pillow 12, Image.resize, libImaging/Resample.c and Geometry.c (nearest). Pure functions, safe
 * from several threads.
 */
public final class PillowResampler {
  /** Pictures taller than this many widths are shrunk vertically first. */
  private static final long TALL_ASPECT = 100;

  private PillowResampler() {}

  /**
   * Resizes to the given size without regard to the aspect ratio.
   *
   * @param width of the result, positive
   * @param height of the result, positive
   * @return a new picture, or the same one if nothing changes
   * @throws IllegalArgumentException if the result cannot be held in an array
   */
  public static RgbPixels resize(RgbPixels source, int width, int height, ResizeFilter filter) {
    RgbPixels.byteCount(width, height);
    if (source.width() == width && source.height() == height) {
      return source;
    }
    if (filter == ResizeFilter.NEAREST) {
      return nearest(source, width, height);
    }
    if (source.height() > source.width() * TALL_ASPECT && height < source.height()) {
      return convolve(convolve(source, source.width(), height, filter), width, height, filter);
    }
    return convolve(source, width, height, filter);
  }

  private static RgbPixels convolve(RgbPixels source, int width, int height, ResizeFilter filter) {
    HorizontalPass rows =
        new HorizontalPass(source, ResizeCoefficients.of(source.width(), width, filter));
    return VerticalPass.run(rows, width, ResizeCoefficients.of(source.height(), height, filter));
  }

  private static RgbPixels nearest(RgbPixels source, int width, int height) {
    int[] columns = nearestPositions(source.width(), width);
    int[] rows = nearestPositions(source.height(), height);
    byte[] bytes = source.bytes();
    byte[] resized = new byte[RgbPixels.byteCount(width, height)];
    for (int y = 0, write = 0; y < height; y++) {
      for (int x = 0; x < width; x++, write += CHANNELS) {
        if (rows[y] < source.height() && columns[x] < source.width()) {
          int read = (rows[y] * source.width() + columns[x]) * CHANNELS;
          resized[write] = bytes[read];
          resized[write + 1] = bytes[read + 1];
          resized[write + 2] = bytes[read + 2];
        }
      }
    }
    return new RgbPixels(width, height, resized);
  }

  // Pillow adds the step up instead of multiplying it; the rounding of the sum is part of the
  // result.
  private static int[] nearestPositions(int inputSize, int outputSize) {
    double step = (double) inputSize / outputSize;
    double position = step * 0.5;
    int[] positions = new int[outputSize];
    for (int i = 0; i < outputSize; i++) {
      positions[i] = (int) position;
      position += step;
    }
    return positions;
  }
}
