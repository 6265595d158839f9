package io.sensorium.media;

import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaLimits;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Decodes the first frame of a GIF picture (CompuServe GIF89a) onto its white canvas. */
final class GifDecoder {
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;
  private static final int GRAPHIC_CONTROL = 0xF9;
  private static final int MAXIMUM_BLOCKS = 1 << 20;

  private final ByteReader reader;
  private final MediaLimits limits;
  private int transparentIndex = -1;

  private GifDecoder(ByteBuffer bytes, MediaLimits limits) {
    this.reader = ByteReader.littleEndian(bytes);
    this.limits = limits;
  }

  static Image decode(ByteBuffer bytes, MediaLimits limits) throws MalformedMediaException {
    return new GifDecoder(bytes, limits).decode().toImage(Orientation.UPRIGHT);
  }

  private RgbCanvas decode() throws MalformedMediaException {
    reader.skip(6);
    int width = reader.u16();
    int height = reader.u16();
    int flags = reader.u8();
    reader.skip(2);
    Limits.requirePixels(width, height, limits);
    byte[] globalPalette = palette(flags);
    for (int blocks = 0; blocks < MAXIMUM_BLOCKS; blocks++) {
      int label = reader.u8();
      if (label == EXTENSION) {
        readExtension();
      } else if (label == IMAGE) {
        return readFrame(width, height, globalPalette);
      } else {
        throw new MalformedMediaException(
            "an image or an extension is required; got block 0x%02x".formatted(label));
      }
    }
    throw new MalformedMediaException("no image within %d blocks".formatted(MAXIMUM_BLOCKS));
  }

  private byte[] palette(int flags) throws MalformedMediaException {
    return (flags & 0x80) == 0 ? new byte[0] : reader.array(3 * (2 << (flags & 7)));
  }

  private void readExtension() throws MalformedMediaException {
    int label = reader.u8();
    int size = reader.u8();
    if (label == GRAPHIC_CONTROL && size >= 4) {
      int flags = reader.u8();
      reader.skip(2);
      int index = reader.u8();
      transparentIndex = (flags & 1) == 0 ? -1 : index;
      reader.skip(size - 4);
      size = reader.u8();
    }
    while (size > 0) {
      reader.skip(size);
      size = reader.u8();
    }
  }

  private RgbCanvas readFrame(int canvasWidth, int canvasHeight, byte[] globalPalette)
      throws MalformedMediaException {
    int left = reader.u16();
    int top = reader.u16();
    int width = reader.u16();
    int height = reader.u16();
    int flags = reader.u8();
    if (left + width > canvasWidth || top + height > canvasHeight || width < 1 || height < 1) {
      throw new MalformedMediaException(
          "the frame of %dx%d at %d,%d does not lie on the canvas of %dx%d"
              .formatted(width, height, left, top, canvasWidth, canvasHeight));
    }
    byte[] localPalette = palette(flags);
    byte[] palette = localPalette.length > 0 ? localPalette : globalPalette;
    if (palette.length == 0) {
      throw new MalformedMediaException("there is no palette");
    }
    byte[] indices = new GifLzw(reader).decode(width, height);
    RgbCanvas canvas = new RgbCanvas(canvasWidth, canvasHeight);
    Arrays.fill(canvas.rgb, (byte) 255);
    boolean interlaced = (flags & 0x40) != 0;
    for (int row = 0; row < height; row++) {
      int y = top + (interlaced ? interlacedRow(row, height) : row);
      paintRow(indices, row * width, width, palette, canvas, canvas.offset(left, y));
    }
    return canvas;
  }

  private void paintRow(
      byte[] indices, int start, int width, byte[] palette, RgbCanvas canvas, int offset)
      throws MalformedMediaException {
    for (int x = 0; x < width; x++) {
      int index = indices[start + x] & 0xFF;
      if (index == transparentIndex) {
        continue;
      }
      if (3 * index >= palette.length) {
        throw new MalformedMediaException(
            "colour %d is not in the palette of %d".formatted(index, palette.length / 3));
      }
      System.arraycopy(palette, 3 * index, canvas.rgb, offset + 3 * x, 3);
    }
  }

  /**
   * Where the n-th stored row belongs: every 8th from 0, every 8th from 4, 4th from 2, 2nd from 1.
   */
  private static int interlacedRow(int stored, int height) {
    int row = stored;
    int[][] passes = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
    for (int[] pass : passes) {
      int rows = (height - pass[0] + pass[1] - 1) / pass[1];
      if (row < rows) {
        return pass[0] + row * pass[1];
      }
      row -= rows;
    }
    throw new IllegalStateException("row " + stored + " of " + height);
  }
}
