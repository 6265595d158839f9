package io.sensorium.models.preprocessing;

import static io.sensorium.models.preprocessing.ResizeCoefficients.PRECISION_BITS;
import static io.sensorium.models.preprocessing.RgbPixels.CHANNELS;

import java.util.Arrays;

/**
 * Resizes pictures bit for bit as Pillow's {@code Image.resize} does for mode RGB.
 *
 * <p>Separable convolution with antialiasing: the horizontal pass first (except for very tall
 * pictures that shrink), each pass in 22-bit fixed point, rounded and clipped to 8 bits. Source:
 * Pillow 12, Image.resize, libImaging/Resample.c and Geometry.c (nearest). Pure functions, safe
 * from several threads.
 */
public final class PillowResampler {
  private static final int HALF = 1 << (PRECISION_BITS - 1);

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
      return resizeWidth(resizeHeight(source, height, filter), width, filter);
    }
    return resizeHeight(resizeWidth(source, width, filter), height, filter);
  }

  private static RgbPixels resizeWidth(RgbPixels source, int width, ResizeFilter filter) {
    return width == source.width()
        ? source
        : horizontal(source, ResizeCoefficients.of(source.width(), width, filter));
  }

  private static RgbPixels resizeHeight(RgbPixels source, int height, ResizeFilter filter) {
    return height == source.height()
        ? source
        : vertical(source, ResizeCoefficients.of(source.height(), height, filter));
  }

  private static RgbPixels horizontal(RgbPixels source, ResizeCoefficients axis) {
    int width = axis.firsts.length;
    byte[] resized = new byte[RgbPixels.byteCount(width, source.height())];
    long[] redBlue = new long[source.width()];
    int[] green = new int[source.width()];
    byte[] bytes = source.bytes();
    for (int y = 0, read = 0; y < source.height(); y++) {
      for (int x = 0; x < redBlue.length; x++, read += CHANNELS) {
        redBlue[x] = ((long) (bytes[read] & 0xFF) << 32) | (bytes[read + 2] & 0xFF);
        green[x] = bytes[read + 1] & 0xFF;
      }
      horizontalRow(redBlue, green, axis, resized, y * width * CHANNELS);
    }
    return new RgbPixels(width, source.height(), resized);
  }

  /** Red and blue share a multiplication: the low half's borrow is given back at the end. */
  private static void horizontalRow(
      long[] redBlue, int[] green, ResizeCoefficients axis, byte[] target, int start) {
    int[] weights = axis.weights;
    int write = start;
    for (int x = 0; x < axis.firsts.length; x++) {
      long redBlueSum = ((long) HALF << 32) + HALF;
      int greenSum = HALF;
      int read = axis.firsts[x];
      int tap = x * axis.stride;
      for (int end = tap + axis.counts[x]; tap < end; tap++, read++) {
        int weight = weights[tap];
        redBlueSum += redBlue[read] * weight;
        greenSum += green[read] * weight;
      }
      int blueSum = (int) redBlueSum;
      target[write++] = clip((int) ((redBlueSum - blueSum) >> 32));
      target[write++] = clip(greenSum);
      target[write++] = clip(blueSum);
    }
  }

  private static RgbPixels vertical(RgbPixels source, ResizeCoefficients axis) {
    int height = axis.firsts.length;
    int rowBytes = source.width() * CHANNELS;
    byte[] resized = new byte[RgbPixels.byteCount(source.width(), height)];
    int[] sums = new int[rowBytes];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      for (int tap = 0; tap < axis.counts[y]; tap++) {
        addRow(
            source.bytes(),
            (axis.firsts[y] + tap) * rowBytes,
            axis.weights[y * axis.stride + tap],
            sums);
      }
      int start = y * rowBytes;
      for (int i = 0; i < rowBytes; i++) {
        resized[start + i] = clip(sums[i]);
      }
    }
    return new RgbPixels(source.width(), height, resized);
  }

  // A method of its own, so that the compiler vectorises this one loop.
  private static void addRow(byte[] bytes, int start, int weight, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += (bytes[start + i] & 0xFF) * weight;
    }
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> PRECISION_BITS, 0, 255);
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
