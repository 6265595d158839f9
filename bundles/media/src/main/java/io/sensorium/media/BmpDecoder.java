package io.sensorium.media;

import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaLimits;
import java.nio.ByteBuffer;

/** Decodes Windows BMP pictures: 1 to 32 bits a pixel, bit fields, RLE4 and RLE8. */
final class BmpDecoder {
  private final BmpHeader header;
  private final ByteReader reader;
  private final RgbCanvas canvas;

  private BmpDecoder(BmpHeader header, ByteReader reader) {
    this.header = header;
    this.reader = reader;
    this.canvas = new RgbCanvas(header.width(), header.height());
  }

  static Image decode(ByteBuffer bytes, MediaLimits limits) throws MalformedMediaException {
    ByteReader reader = ByteReader.littleEndian(bytes);
    BmpHeader header = BmpHeader.read(reader);
    Limits.requirePixels(header.width(), header.height(), limits);
    reader.seek(header.pixelOffset());
    boolean packed =
        header.compression() == BmpHeader.RLE8 || header.compression() == BmpHeader.RLE4;
    long rowBytes = ((long) header.width() * header.bitsPerPixel() + 31) / 32 * 4;
    if (!packed && rowBytes * header.height() > reader.remaining() + 3L) {
      throw new MalformedMediaException(
          "truncated: %dx%d pixels need %d bytes; %d are left"
              .formatted(
                  header.width(), header.height(), rowBytes * header.height(), reader.remaining()));
    }
    BmpDecoder decoder = new BmpDecoder(header, reader);
    if (packed) {
      decoder.decodeRunLengths();
    } else {
      decoder.decodeRows(rowBytes);
    }
    return decoder.canvas.toImage(Orientation.UPRIGHT);
  }

  private int offset(int x, int storedRow) {
    return canvas.offset(x, header.topDown() ? storedRow : header.height() - 1 - storedRow);
  }

  private void decodeRows(long rowBytes) throws MalformedMediaException {
    int start = reader.position();
    for (int row = 0; row < header.height(); row++) {
      reader.seek(start + row * rowBytes);
      decodeRow(row);
    }
  }

  private void decodeRow(int row) throws MalformedMediaException {
    int bits = header.bitsPerPixel();
    int packed = 0;
    for (int x = 0, offset = offset(0, row); x < header.width(); x++, offset += 3) {
      switch (bits) {
        case 24 -> {
          int blue = reader.u8();
          int green = reader.u8();
          canvas.set(offset, reader.u8(), green, blue);
        }
        case 16 -> setMasked(offset, reader.u16());
        case 32 -> setMasked(offset, reader.i32());
        default -> {
          int phase = x * bits & 7;
          packed = phase == 0 ? reader.u8() : packed;
          setIndexed(offset, (packed >> (8 - bits - phase)) & ((1 << bits) - 1));
        }
      }
    }
  }

  private void setIndexed(int offset, int index) throws MalformedMediaException {
    byte[] palette = header.palette();
    if (3 * index >= palette.length) {
      throw new MalformedMediaException(
          "colour %d is not in the palette of %d".formatted(index, palette.length / 3));
    }
    canvas.set(offset, palette[3 * index + 2], palette[3 * index + 1], palette[3 * index]);
  }

  private void setMasked(int offset, int pixel) {
    int[] masks = header.masks();
    int alpha = masks[3] == 0 ? 255 : masked(pixel, masks[3]);
    canvas.set(
        offset, masked(pixel, masks[0]), masked(pixel, masks[1]), masked(pixel, masks[2]), alpha);
  }

  private static int masked(int pixel, int mask) {
    if (mask == 0) {
      return 0;
    }
    int shift = Integer.numberOfTrailingZeros(mask);
    long most = (mask >>> shift) & 0xFFFFFFFFL;
    long value = ((pixel & mask) >>> shift) & 0xFFFFFFFFL;
    return (int) ((value * 255 + most / 2) / most);
  }

  private void decodeRunLengths() throws MalformedMediaException {
    // What the runs skip is the first colour.
    for (int i = 0; i < canvas.rgb.length; i += 3) {
      setIndexed(i, 0);
    }
    int x = 0;
    int row = 0;
    while (row < header.height()) {
      int count = reader.u8();
      int value = reader.u8();
      if (count > 0) {
        x = repeat(x, row, count, value);
      } else if (value == 0) {
        x = 0;
        row++;
      } else if (value == 1) {
        return;
      } else if (value == 2) {
        x += reader.u8();
        row += reader.u8();
      } else {
        x = literal(x, row, value);
      }
    }
  }

  private int repeat(int x, int row, int count, int value) throws MalformedMediaException {
    for (int i = 0; i < count && x + i < header.width(); i++) {
      setIndexed(offset(x + i, row), nibbled() ? nibble(value, i) : value);
    }
    return Math.min(x + count, header.width());
  }

  private int literal(int x, int row, int count) throws MalformedMediaException {
    int bytes = nibbled() ? (count + 1) / 2 : count;
    byte[] values = reader.array(bytes);
    reader.skip(Math.min(bytes & 1, reader.remaining()));
    for (int i = 0; i < count && x + i < header.width(); i++) {
      int index = nibbled() ? nibble(values[i / 2], i) : values[i] & 0xFF;
      setIndexed(offset(x + i, row), index);
    }
    return Math.min(x + count, header.width());
  }

  private boolean nibbled() {
    return header.compression() == BmpHeader.RLE4;
  }

  private static int nibble(int value, int position) {
    return (position & 1) == 0 ? (value >> 4) & 15 : value & 15;
  }
}
