package io.sensorium.models.preprocessing;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * An 8-bit RGB picture.
 *
 * <p>What it is made from is shared, not copied: nobody may write to it afterwards. Safe to read
 * from several threads.
 */
public final class RgbPixels {
  public static final int CHANNELS = 3;

  private final int width;
  private final int height;
  private final ByteBuffer rgb;

  /**
   * @param width in pixels, positive
   * @param height in pixels, positive
   * @param rgb {@code height * width * 3} bytes, rows from the top, R G B interleaved; borrowed
   */
  public RgbPixels(int width, int height, ByteBuffer rgb) {
    Objects.requireNonNull(rgb, "rgb");
    if (width < 1 || height < 1 || rgb.remaining() != Math.multiplyExact(3L * width, height)) {
      throw new IllegalArgumentException(
          "a picture of %dx%d needs %d bytes; got %d"
              .formatted(width, height, 3L * width * height, rgb.remaining()));
    }
    this.width = width;
    this.height = height;
    this.rgb = rgb.slice();
  }

  /** Shares an array of {@code height * width * 3} bytes. */
  public RgbPixels(int width, int height, byte[] rgb) {
    this(width, height, ByteBuffer.wrap(rgb));
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** All bytes, rows from the top; the shared array itself if there is one. */
  public byte[] bytes() {
    if (rgb.hasArray() && rgb.arrayOffset() == 0 && rgb.array().length == rgb.limit()) {
      return rgb.array();
    }
    byte[] bytes = new byte[rgb.limit()];
    rgb.get(0, bytes);
    return bytes;
  }

  /** Copies a row of {@code width * 3} bytes. */
  void readRow(int y, byte[] target) {
    rgb.get(y * width * CHANNELS, target, 0, width * CHANNELS);
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
      rgb.get(
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
