package io.sensorium.media;

/**
 * The two headers of a BMP picture.
 *
 * @param topDown whether the first stored row is the top one
 * @param compression 0 none, 1 RLE8, 2 RLE4, 3 bit fields
 * @param masks of red, green, blue and alpha, for 16 and 32 bits a pixel
 * @param palette blue, green, red per colour
 */
@SuppressWarnings("ArrayRecordComponent") // read by one decoder and compared nowhere
record BmpHeader(
    int width,
    int height,
    boolean topDown,
    int bitsPerPixel,
    int compression,
    int[] masks,
    byte[] palette,
    long pixelOffset) {
  static final int RLE8 = 1;
  static final int RLE4 = 2;
  private static final int BIT_FIELDS = 3;
  private static final int ALPHA_BIT_FIELDS = 6;
  private static final int CORE_SIZE = 12;

  static BmpHeader read(ByteReader reader) throws MalformedMediaException {
    reader.seek(10);
    long pixelOffset = reader.u32();
    long size = reader.u32();
    boolean core = size == CORE_SIZE;
    if (!core && (size < 40 || size > 124)) {
      throw new MalformedMediaException("a header of %d bytes is unknown".formatted(size));
    }
    long width = core ? reader.u16() : reader.i32();
    long height = core ? reader.u16() : reader.i32();
    reader.skip(2);
    int bitsPerPixel = reader.u16();
    int compression = core ? 0 : reader.i32();
    requireKnown(bitsPerPixel, compression);
    if (width > Integer.MAX_VALUE || Math.abs(height) > Integer.MAX_VALUE) {
      throw new MalformedMediaException("no such size: %dx%d".formatted(width, height));
    }
    long colours = 0;
    if (!core) {
      reader.skip(12);
      colours = reader.u32();
      reader.skip(4);
    }
    int[] masks = masks(reader, size, bitsPerPixel, compression);
    reader.seek(Math.max(reader.position(), 14 + size));
    byte[] palette = palette(reader, bitsPerPixel, colours, core);
    return new BmpHeader(
        (int) width,
        (int) Math.abs(height),
        height < 0,
        bitsPerPixel,
        compression == ALPHA_BIT_FIELDS ? BIT_FIELDS : compression,
        masks,
        palette,
        pixelOffset);
  }

  private static void requireKnown(int bitsPerPixel, int compression)
      throws MalformedMediaException {
    boolean known =
        switch (compression) {
          case 0 ->
              switch (bitsPerPixel) {
                case 1, 4, 8, 16, 24, 32 -> true;
                default -> false;
              };
          case RLE8 -> bitsPerPixel == 8;
          case RLE4 -> bitsPerPixel == 4;
          case BIT_FIELDS, ALPHA_BIT_FIELDS -> bitsPerPixel == 16 || bitsPerPixel == 32;
          default -> false;
        };
    if (!known) {
      throw new MalformedMediaException(
          "%d bits a pixel with compression %d are unknown".formatted(bitsPerPixel, compression));
    }
  }

  private static int[] masks(ByteReader reader, long headerSize, int bitsPerPixel, int compression)
      throws MalformedMediaException {
    if (compression != BIT_FIELDS && compression != ALPHA_BIT_FIELDS) {
      return bitsPerPixel == 16
          ? new int[] {0x7C00, 0x3E0, 0x1F, 0}
          : new int[] {0xFF0000, 0xFF00, 0xFF, 0};
    }
    boolean withAlpha = headerSize >= 56 || compression == ALPHA_BIT_FIELDS;
    return new int[] {
      reader.i32(), reader.i32(), reader.i32(), withAlpha ? reader.i32() : 0,
    };
  }

  private static byte[] palette(ByteReader reader, int bitsPerPixel, long colours, boolean core)
      throws MalformedMediaException {
    if (bitsPerPixel > 8) {
      return new byte[0];
    }
    int most = 1 << bitsPerPixel;
    int count = colours == 0 || colours > most ? most : (int) colours;
    byte[] palette = new byte[count * 3];
    for (int i = 0; i < count; i++) {
      System.arraycopy(reader.array(3), 0, palette, 3 * i, 3);
      if (!core) {
        reader.skip(1);
      }
    }
    return palette;
  }
}
