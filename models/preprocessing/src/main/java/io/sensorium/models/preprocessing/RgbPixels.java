package io.sensorium.models.preprocessing;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * An 8-bit RGB picture on the heap.
 *
 * <p>The array is shared, not copied: whoever makes it must not write to it afterwards. Safe to
 * read from several threads.
 *
 * @param width in pixels, positive
 * @param height in pixels, positive
 * @param bytes {@code height * width * 3} bytes, rows from the top, R G B interleaved
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are compared nowhere and copied for nobody
public record RgbPixels(int width, int height, byte[] bytes) {
  public static final int CHANNELS = 3;

  public RgbPixels {
    Objects.requireNonNull(bytes, "bytes");
    if (width < 1 || height < 1 || bytes.length != Math.multiplyExact(3L * width, height)) {
      throw new IllegalArgumentException(
          "a picture of %dx%d needs %d bytes; got %d"
              .formatted(width, height, 3L * width * height, bytes.length));
    }
  }

  /** A copy of the buffer's remaining bytes; the buffer's position does not move. */
  public static RgbPixels copyOf(int width, int height, ByteBuffer rgb) {
    byte[] bytes = new byte[rgb.remaining()];
    rgb.get(rgb.position(), bytes);
    return new RgbPixels(width, height, bytes);
  }

  /**
   * Cuts a window out; what lies outside of the picture is black, as the reference image processors
   * pad before they crop.
   *
   * @param left of the window, may be negative
   * @param top of the window, may be negative
   */
  public RgbPixels crop(int left, int top, int cropWidth, int cropHeight) {
    if (left == 0 && top == 0 && cropWidth == width && cropHeight == height) {
      return this;
    }
    byte[] cropped = new byte[byteCount(cropWidth, cropHeight)];
    int firstColumn = Math.clamp(left, 0, width);
    int lastColumn = Math.clamp((long) left + cropWidth, firstColumn, width);
    int firstRow = Math.clamp(top, 0, height);
    int lastRow = Math.clamp((long) top + cropHeight, firstRow, height);
    for (int row = firstRow; row < lastRow && firstColumn < lastColumn; row++) {
      System.arraycopy(
          bytes,
          (row * width + firstColumn) * CHANNELS,
          cropped,
          ((row - top) * cropWidth + firstColumn - left) * CHANNELS,
          (lastColumn - firstColumn) * CHANNELS);
    }
    return new RgbPixels(cropWidth, cropHeight, cropped);
  }

  /** The bytes that a picture needs; refuses sizes that no array can hold. */
  static int byteCount(int width, int height) {
    long count = (long) CHANNELS * width * height;
    if (width < 1 || height < 1 || (long) width * height > Integer.MAX_VALUE / CHANNELS - 8) {
      throw new IllegalArgumentException(
          "a picture must be 1x1 to %d pixels; got %dx%d"
              .formatted(Integer.MAX_VALUE / CHANNELS - 8, width, height));
    }
    return (int) count;
  }
}
