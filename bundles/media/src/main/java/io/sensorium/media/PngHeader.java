package io.sensorium.media;

/**
 * The IHDR chunk.
 *
 * @param colourType 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 */
record PngHeader(int width, int height, int bitDepth, int colourType, boolean interlaced) {
  static final int GREY = 0;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int GREY_ALPHA = 4;
  static final int RGB_ALPHA = 6;

  static PngHeader read(ByteReader reader) throws MalformedMediaException {
    if (reader.size() != 13) {
      throw new MalformedMediaException("IHDR must have 13 bytes; got " + reader.size());
    }
    long width = reader.u32();
    long height = reader.u32();
    int bitDepth = reader.u8();
    int colourType = reader.u8();
    int compression = reader.u8();
    int filter = reader.u8();
    int interlace = reader.u8();
    if (!depthFits(bitDepth, colourType) || compression != 0 || filter != 0 || interlace > 1) {
      throw new MalformedMediaException(
          "no such PNG: depth %d, colour type %d, compression %d, filter %d, interlace %d"
              .formatted(bitDepth, colourType, compression, filter, interlace));
    }
    if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw new MalformedMediaException("no such size: %dx%d".formatted(width, height));
    }
    return new PngHeader((int) width, (int) height, bitDepth, colourType, interlace == 1);
  }

  private static boolean depthFits(int bitDepth, int colourType) {
    return switch (colourType) {
      case GREY -> Integer.bitCount(bitDepth) == 1 && bitDepth <= 16;
      case PALETTE -> Integer.bitCount(bitDepth) == 1 && bitDepth <= 8;
      case RGB, GREY_ALPHA, RGB_ALPHA -> bitDepth == 8 || bitDepth == 16;
      default -> false;
    };
  }

  int samplesPerPixel() {
    return switch (colourType) {
      case RGB -> 3;
      case GREY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  /** The bytes of a row of the given width, without its filter byte. */
  long rowBytes(int rowWidth) {
    return ((long) rowWidth * samplesPerPixel() * bitDepth + 7) / 8;
  }
}
