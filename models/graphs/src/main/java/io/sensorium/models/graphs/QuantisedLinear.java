package io.sensorium.models.graphs;

import io.sensorium.models.checkpoints.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * The weight {@code [out, in]} of a linear layer as int8: symmetric, {@code scale[o] = max_i
 * |w[o,i]| / 127}, rounded half to even, and transposed as ONNX Runtime multiplies it. One thread
 * at a time.
 */
final class QuantisedLinear {
  private static final int LARGEST = 127;

  /** Columns written at once: 64 of them are a cache line of every row read. */
  private static final int COLUMNS = 64;

  private final StoredTensor stored;
  private final int rows;
  private final int columns;
  private float[] scales;

  QuantisedLinear(StoredTensor stored) {
    this.stored = stored;
    this.rows = Math.toIntExact(stored.info().shape().dimension(0));
    this.columns = Math.toIntExact(stored.info().shape().dimension(1));
  }

  /**
   * Where a graph finds a quantised weight.
   *
   * @param values int8 {@code [in, out]}, or blocks of uint8
   * @param scales float32 {@code [out]}, or one a block
   */
  record Initializers(Value values, Value scales) {}

  void writeScales(WritableByteChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(rows * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(scales());
    write(channel, bytes);
  }

  void writeValues(WritableByteChannel channel) throws IOException {
    float[] scale = scales();
    WeightReader reader = new WeightReader(stored.tensor(), COLUMNS);
    float[] block = new float[COLUMNS];
    byte[] quantised = new byte[Math.multiplyExact(COLUMNS, rows)];
    for (int first = 0; first < columns; first += COLUMNS) {
      int count = Math.min(COLUMNS, columns - first);
      for (int row = 0; row < rows; row++) {
        reader.read((long) row * columns + first, count, block);
        for (int i = 0; i < count; i++) {
          quantised[i * rows + row] = (byte) Math.rint(block[i] / scale[row]);
        }
      }
      write(channel, ByteBuffer.wrap(quantised, 0, count * rows));
    }
  }

  private float[] scales() {
    if (scales == null) {
      scales = new float[rows];
      WeightReader reader = new WeightReader(stored.tensor(), columns);
      float[] values = new float[columns];
      for (int row = 0; row < rows; row++) {
        reader.read((long) row * columns, columns, values);
        float largest = 0;
        for (float value : values) {
          largest = Math.max(largest, Math.abs(value));
        }
        // Rows of zeros, and of numbers too small to divide by, quantise to zero.
        scales[row] = largest / LARGEST >= Float.MIN_NORMAL ? largest / LARGEST : 1;
      }
    }
    return scales;
  }

  private static void write(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
