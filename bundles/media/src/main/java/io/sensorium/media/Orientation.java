package io.sensorium.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * How a camera was held, by the EXIF tag 0x0112: which way to mirror and turn for an upright
 * picture.
 *
 * <p>Source: CIPA DC-008 (Exif 2.32), TIFF 6.0. What cannot be read counts as upright.
 */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  HALF_TURN(false, true, true),
  FLIPPED(false, false, true),
  TRANSPOSED(true, false, false),
  QUARTER_TURN_RIGHT(true, false, true),
  TRANSVERSED(true, true, true),
  QUARTER_TURN_LEFT(true, true, false);

  private static final int TAG = 0x0112;
  private static final int TYPE_SHORT = 3;
  private static final byte[] EXIF_PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  private final boolean swapsAxes;
  private final boolean mirrorsSourceX;
  private final boolean mirrorsSourceY;

  Orientation(boolean swapsAxes, boolean mirrorsSourceX, boolean mirrorsSourceY) {
    this.swapsAxes = swapsAxes;
    this.mirrorsSourceX = mirrorsSourceX;
    this.mirrorsSourceY = mirrorsSourceY;
  }

  /** Reads an EXIF block, with or without its {@code Exif} prefix. */
  static Orientation ofExif(ByteBuffer exif) {
    ByteBuffer tiff = exif.slice();
    if (tiff.remaining() >= EXIF_PREFIX.length
        && tiff.slice(0, EXIF_PREFIX.length).equals(ByteBuffer.wrap(EXIF_PREFIX))) {
      tiff = tiff.slice(EXIF_PREFIX.length, tiff.remaining() - EXIF_PREFIX.length);
    }
    try {
      return ofTiff(tiff);
    } catch (MalformedMediaException _) {
      return UPRIGHT; // a broken hint does not make the picture unreadable
    }
  }

  private static Orientation ofTiff(ByteBuffer tiff) throws MalformedMediaException {
    String order = ByteReader.bigEndian(tiff).ascii(2);
    ByteReader reader =
        new ByteReader(tiff, order.equals("II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    reader.skip(2);
    if (reader.u16() != 42) {
      return UPRIGHT;
    }
    reader.seek(reader.u32());
    for (int entries = reader.u16(); entries > 0; entries--) {
      int tag = reader.u16();
      int type = reader.u16();
      reader.skip(4);
      int value = reader.u16();
      reader.skip(2);
      if (tag == TAG) {
        return type == TYPE_SHORT && value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  RgbCanvas apply(RgbCanvas source) {
    if (this == UPRIGHT) {
      return source;
    }
    RgbCanvas target =
        swapsAxes
            ? new RgbCanvas(source.height, source.width)
            : new RgbCanvas(source.width, source.height);
    for (int y = 0, write = 0; y < target.height; y++) {
      for (int x = 0; x < target.width; x++, write += 3) {
        int sourceX = swapsAxes ? y : x;
        int sourceY = swapsAxes ? x : y;
        int read =
            source.offset(
                mirrorsSourceX ? source.width - 1 - sourceX : sourceX,
                mirrorsSourceY ? source.height - 1 - sourceY : sourceY);
        target.rgb[write] = source.rgb[read];
        target.rgb[write + 1] = source.rgb[read + 1];
        target.rgb[write + 2] = source.rgb[read + 2];
      }
    }
    return target;
  }
}
