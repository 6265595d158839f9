package io.sensorium.models.graphs;

import io.sensorium.models.checkpoints.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * Quantises the weight {@code [out, in]} of a linear layer block by block while it is written. The
 * scale of a block takes its largest number, sign included, to the least value there is, so that
 * all values are used; the others are rounded to the nearest, half to even. In 4 bits the scale may
 * be smaller, where cutting the largest numbers off loses less than a wider step does: of some
 * scales the one with the least squared error is taken. One thread at a time; holds some rows and,
 * from the first writing to the second, the scales, never the whole weight.
 */
final class BlockQuantiser {
  private static final int CHUNK = 1 << 16;

  /** Parts of the largest magnitude that a scale may be made for: what is larger is cut off. */
  private static final float[] HALF_BYTE_PARTS = {1, 0.93f, 0.86f, 0.79f};

  private static final float[] BYTE_PARTS = {1};

  private final StoredTensor stored;
  private final BlockFormat format;
  private final long rows;
  private final int columns;
  private final int blocks;

  /** Those that were looked for while the other of values and scales was written; zero is none. */
  private float[] scales = {};

  BlockQuantiser(StoredTensor stored, BlockFormat format) {
    this.stored = stored;
    this.format = format;
    this.rows = stored.info().shape().dimension(0);
    this.columns = Math.toIntExact(stored.info().shape().dimension(1));
    this.blocks = format.blocks(columns);
  }

  /** Writes a row that was read, and its number, into a buffer. */
  private interface RowWriter {
    void write(float[] row, long number, ByteBuffer target);
  }

  /** {@code uint8 [out, blocks, bytes]}. */
  void writeValues(WritableByteChannel channel) throws IOException {
    writeRows(channel, blocks * format.blockBytes(), this::putValues);
  }

  /** {@code float32 [out, blocks]}. */
  void writeScales(WritableByteChannel channel) throws IOException {
    writeRows(channel, blocks * Float.BYTES, this::putScales);
  }

  private void writeRows(WritableByteChannel channel, int rowBytes, RowWriter writer)
      throws IOException {
    boolean second = scales.length > 0;
    scales = second ? scales : new float[Math.toIntExact(rows * blocks)];
    int atOnce = Math.max(1, CHUNK / rowBytes);
    ByteBuffer bytes = ByteBuffer.allocate(atOnce * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
    WeightReader reader = new WeightReader(stored.tensor(), columns);
    // What pads the last block stays zero.
    float[] row = new float[blocks * format.block()];
    for (long first = 0; first < rows; first += atOnce) {
      long last = Math.min(rows, first + atOnce);
      bytes.clear();
      for (long number = first; number < last; number++) {
        reader.read(number * columns, columns, row);
        writer.write(row, number, bytes);
      }
      bytes.flip();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    if (second) {
      scales = new float[0];
    }
  }

  private void putScales(float[] row, long number, ByteBuffer target) {
    for (int block = 0; block < blocks; block++) {
      target.putFloat(scale(row, number, block));
    }
  }

  private void putValues(float[] row, long number, ByteBuffer target) {
    for (int block = 0; block < blocks; block++) {
      int first = block * format.block();
      float scale = scale(row, number, block);
      if (format.bits() == Byte.SIZE) {
        for (int i = first; i < first + format.block(); i++) {
          target.put((byte) value(row[i], scale));
        }
      } else {
        for (int i = first; i < first + format.block(); i += 2) {
          target.put((byte) (value(row[i], scale) | value(row[i + 1], scale) << format.bits()));
        }
      }
    }
  }

  private int value(float weight, float scale) {
    int middle = format.middle();
    return middle + Math.clamp((long) Math.rint(weight / scale), -middle, middle - 1);
  }

  private float scale(float[] row, long number, int block) {
    int place = (int) (number * blocks + block);
    if (scales[place] == 0) {
      scales[place] = bestScale(row, block * format.block());
    }
    return scales[place];
  }

  private float bestScale(float[] row, int first) {
    float largest = 0;
    for (int i = first; i < first + format.block(); i++) {
      largest = Math.abs(row[i]) > Math.abs(largest) ? row[i] : largest;
    }
    float widest = largest / -format.middle();
    // Blocks of zeros, and of numbers too small to divide by, quantise to zero.
    if (Math.abs(widest) < 2 * Float.MIN_NORMAL) {
      return 1;
    }
    float best = widest;
    double least = Double.POSITIVE_INFINITY;
    for (float part : format.bits() == Byte.SIZE ? BYTE_PARTS : HALF_BYTE_PARTS) {
      double error = squaredError(row, first, widest * part);
      if (error < least) {
        least = error;
        best = widest * part;
      }
    }
    return best;
  }

  private double squaredError(float[] row, int first, float scale) {
    double error = 0;
    for (int i = first; i < first + format.block(); i++) {
      float off = row[i] - scale * (value(row[i], scale) - format.middle());
      error += off * off;
    }
    return error;
  }
}
