package io.sensorium.api.media;

import java.nio.ByteBuffer;

/**
 * A decoded picture: 8-bit sRGB, upright, without transparency (composed over white). Immutable.
 *
 * @param width in pixels, positive
 * @param height in pixels, positive
 * @param rgb {@code height * width * 3} bytes, rows from the top, R G B interleaved; each call
 *     answers a fresh read-only view
 */
public record Image(int width, int height, ByteBuffer rgb) {
  public Image {
    if (width < 1 || height < 1 || rgb.remaining() != Math.multiplyExact(3L * width, height)) {
      throw new IllegalArgumentException(
          "an image of %dx%d needs %d bytes; got %d"
              .formatted(width, height, 3L * width * height, rgb.remaining()));
    }
    rgb = rgb.asReadOnlyBuffer().slice();
  }

  @Override
  public ByteBuffer rgb() {
    return rgb.duplicate();
  }
}
