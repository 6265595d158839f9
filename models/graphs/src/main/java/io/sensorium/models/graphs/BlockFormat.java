package io.sensorium.models.graphs;

import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.Shape;
import java.util.Optional;

/**
 * Weights in few bits, block by block, as ONNX Runtime's MatMulNBits and GatherBlockQuantized read
 * them: a row of a matrix is cut into blocks of equal length, the last one padded with zeros, and
 * {@code weight = scale * (value - 2^(bits-1))}. Immutable.
 *
 * @param bits of a value, 4 or 8; of two that share a byte the first takes the lower half
 * @param block values that share a scale, a power of two of at least 16
 */
record BlockFormat(int bits, int block) {
  private static final BlockFormat BYTES = new BlockFormat(8, 128);
  private static final BlockFormat HALF_BYTES = new BlockFormat(4, 32);
  private static final BlockFormat LONG_HALF_BYTES = new BlockFormat(4, 128);
  private static final int SMALLEST_BLOCK = 32;
  private static final String HEAD = "lm_head";

  /**
   * The form of a linear layer in a precision, empty where it has none of this kind.
   *
   * @param decoder whether the graph is run for every token; others read a weight once for many
   * @param layer the layer's name
   * @param columns of the weight
   */
  static Optional<BlockFormat> of(
      Precision precision, boolean decoder, String layer, long columns) {
    return switch (precision) {
      case FLOAT32, FLOAT16 -> Optional.empty();
      case INT8 -> decoder ? Optional.of(BYTES.fitted(columns)) : Optional.empty();
      // Errors of the last layer go straight into the logits; all others are averaged out.
      case INT4 ->
          Optional.of((layer.startsWith(HEAD) ? BYTES : halfBytes(decoder)).fitted(columns));
    };
  }

  /**
   * What runs for every token is bound by bytes and by unpacking, of which short blocks have more.
   */
  private static BlockFormat halfBytes(boolean decoder) {
    return decoder ? LONG_HALF_BYTES : HALF_BYTES;
  }

  /** The largest block up to this one that cuts the columns evenly, if there is one. */
  private BlockFormat fitted(long columns) {
    int fitted = block;
    while (fitted > SMALLEST_BLOCK && columns % fitted != 0) {
      fitted /= 2;
    }
    return new BlockFormat(bits, fitted);
  }

  int blocks(long columns) {
    return Math.toIntExact(Math.ceilDiv(columns, (long) block));
  }

  int blockBytes() {
    return block * bits / Byte.SIZE;
  }

  /** What zero is stored as. */
  int middle() {
    return 1 << (bits - 1);
  }

  /** Answers whether rows lie without padding, so that they can be looked up as well. */
  boolean isEven(long columns) {
    return columns % block == 0;
  }

  /** As MatMulNBits takes them. */
  Shape values(long rows, long columns) {
    return Shape.of(rows, blocks(columns), blockBytes());
  }

  /** The same bytes as GatherBlockQuantized takes them. */
  Shape flatValues(long rows, long columns) {
    return Shape.of(rows, (long) blocks(columns) * blockBytes());
  }

  Shape scales(long rows, long columns) {
    return Shape.of(rows, blocks(columns));
  }
}
