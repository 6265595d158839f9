package io.sensorium.media;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates the rows of a PNG picture, undoes their filters and hands them on, pass by pass. */
final class PngRows {
  /** No deflate stream grows by more than this. */
  private static final long MAXIMUM_RATIO = 1032;

  // Adam7: first column, first row, column step, row step of each pass.
  private static final int[][] INTERLACED = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };
  private static final int[][] WHOLE = {{0, 0, 1, 1}};

  private final PngHeader header;
  private final List<ByteBuffer> chunks;
  private final Inflater inflater;
  private final int filterDistance;
  private int nextChunk;

  private PngRows(PngHeader header, List<ByteBuffer> chunks, Inflater inflater) {
    this.header = header;
    this.chunks = chunks;
    this.inflater = inflater;
    this.filterDistance = Math.max(1, header.samplesPerPixel() * header.bitDepth() / 8);
  }

  static RgbCanvas decode(PngHeader header, List<ByteBuffer> chunks, PngPixels pixels)
      throws MalformedMediaException {
    requirePlausibleSize(header, chunks);
    RgbCanvas canvas = new RgbCanvas(header.width(), header.height());
    try (Inflater inflater = new Inflater()) {
      PngRows rows = new PngRows(header, chunks, inflater);
      for (int[] pass : header.interlaced() ? INTERLACED : WHOLE) {
        rows.decodePass(pass, pixels, canvas);
      }
    }
    return canvas;
  }

  // A tiny file that promises a huge picture is refused before memory is taken for it.
  private static void requirePlausibleSize(PngHeader header, List<ByteBuffer> chunks)
      throws MalformedMediaException {
    long compressed = chunks.stream().mapToLong(ByteBuffer::remaining).sum();
    long required = (header.rowBytes(header.width()) + 1) * header.height();
    if (required / MAXIMUM_RATIO > compressed + 64) {
      throw new MalformedMediaException(
          "truncated: %d bytes of image data cannot hold %dx%d pixels"
              .formatted(compressed, header.width(), header.height()));
    }
  }

  private void decodePass(int[] pass, PngPixels pixels, RgbCanvas canvas)
      throws MalformedMediaException {
    int columns = (header.width() - pass[0] + pass[2] - 1) / pass[2];
    if (columns == 0) {
      return;
    }
    int rowBytes = Math.toIntExact(header.rowBytes(columns));
    // A row is led by as many zeros as a filter looks back.
    byte[] previous = new byte[filterDistance + rowBytes];
    byte[] current = new byte[filterDistance + rowBytes];
    byte[] filter = new byte[1];
    for (int y = pass[1]; y < header.height(); y += pass[3]) {
      inflate(filter, 0, y);
      inflate(current, filterDistance, y);
      unfilter(filter[0], current, previous);
      pixels.write(current, filterDistance, columns, canvas, canvas.offset(pass[0], y), pass[2]);
      byte[] swap = previous;
      previous = current;
      current = swap;
    }
  }

  private void inflate(byte[] target, int from, int row) throws MalformedMediaException {
    int position = from;
    try {
      while (position < target.length) {
        int count = inflater.inflate(target, position, target.length - position);
        position += count;
        if (count == 0) {
          if (inflater.finished() || inflater.needsDictionary() || nextChunk == chunks.size()) {
            throw new MalformedMediaException(
                "truncated: the image data ends in row %d of %d".formatted(row, header.height()));
          }
          inflater.setInput(chunks.get(nextChunk++).slice());
        }
      }
    } catch (DataFormatException e) {
      throw new MalformedMediaException("the image data cannot be inflated: " + e.getMessage());
    }
  }

  private void unfilter(int filter, byte[] row, byte[] above) throws MalformedMediaException {
    switch (filter) {
      case 0 -> {}
      case 1 -> {
        for (int i = filterDistance; i < row.length; i++) {
          row[i] += row[i - filterDistance];
        }
      }
      case 2 -> {
        for (int i = filterDistance; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = filterDistance; i < row.length; i++) {
          row[i] += (byte) (((row[i - filterDistance] & 0xFF) + (above[i] & 0xFF)) >> 1);
        }
      }
      case 4 -> {
        for (int i = filterDistance; i < row.length; i++) {
          row[i] +=
              paeth(
                  row[i - filterDistance] & 0xFF,
                  above[i] & 0xFF,
                  above[i - filterDistance] & 0xFF);
        }
      }
      default -> throw new MalformedMediaException("filter %d is unknown".formatted(filter & 0xFF));
    }
    Arrays.fill(row, 0, filterDistance, (byte) 0);
  }

  private static byte paeth(int left, int above, int aboveLeft) {
    int toLeft = Math.abs(above - aboveLeft);
    int toAbove = Math.abs(left - aboveLeft);
    int toCorner = Math.abs(left + above - 2 * aboveLeft);
    if (toLeft <= toAbove && toLeft <= toCorner) {
      return (byte) left;
    }
    return (byte) (toAbove <= toCorner ? above : aboveLeft);
  }
}
