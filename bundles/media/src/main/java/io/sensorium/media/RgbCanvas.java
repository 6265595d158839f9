package io.sensorium.media;

import io.sensorium.api.media.Image;
import java.nio.ByteBuffer;

/** Where a decoder writes its pixels: 8-bit RGB, composed over white. */
final class RgbCanvas {
  final int width;
  final int height;
  final byte[] rgb;

  /** A black canvas; the caller has checked the size against the limits. */
  RgbCanvas(int width, int height) {
    this.width = width;
    this.height = height;
    this.rgb = new byte[3 * width * height];
  }

  int offset(int x, int y) {
    return (y * width + x) * 3;
  }

  void set(int offset, int red, int green, int blue) {
    rgb[offset] = (byte) red;
    rgb[offset + 1] = (byte) green;
    rgb[offset + 2] = (byte) blue;
  }

  void set(int offset, int red, int green, int blue, int alpha) {
    set(offset, overWhite(red, alpha), overWhite(green, alpha), overWhite(blue, alpha));
  }

  private static int overWhite(int value, int alpha) {
    return alpha == 255 ? value : (value * alpha + 255 * (255 - alpha) + 127) / 255;
  }

  /** The picture turned upright. */
  Image toImage(Orientation orientation) {
    RgbCanvas upright = orientation.apply(this);
    return new Image(upright.width, upright.height, ByteBuffer.wrap(upright.rgb));
  }
}
