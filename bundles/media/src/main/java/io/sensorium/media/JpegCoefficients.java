package io.sensorium.media;

import java.util.Arrays;

/**
 * The coefficients of one component of a picture that comes in several scans. Used by one thread.
 */
final class JpegCoefficients {
  private static final int UNKNOWN = -1;

  private final JpegFrame.Component component;
  private final int blocksAcross;
  private final int realAcross;
  private final int realDown;

  /** Block after block, each in zigzag order. */
  private final short[] values;

  /** By block: a bit for each zigzag index but the first whose value has been read. */
  private final long[] occupied;

  /** By zigzag index: the lowest bit that is known so far. */
  private final int[] lowestBits = new int[64];

  private int[] quantization;

  JpegCoefficients(JpegFrame frame, JpegFrame.Component component) {
    this.component = component;
    this.blocksAcross = frame.unitsAcross() * component.blocksX();
    this.realAcross = Math.ceilDiv(frame.columns(component), 8);
    this.realDown = Math.ceilDiv(frame.rows(component), 8);
    int blocks = blocksAcross * frame.unitsDown() * component.blocksY();
    this.values = new short[64 * blocks];
    this.occupied = new long[blocks];
    Arrays.fill(lowestBits, UNKNOWN);
  }

  /** How many coefficients all components of a picture have. */
  static long count(JpegFrame frame) {
    long units = (long) frame.unitsAcross() * frame.unitsDown();
    return frame.components().stream()
        .mapToLong(c -> 64L * c.blocksX() * c.blocksY() * units)
        .sum();
  }

  short[] values() {
    return values;
  }

  long[] occupied() {
    return occupied;
  }

  /** The number of a block. */
  int block(int row, int column) {
    return row * blocksAcross + column;
  }

  /** How many columns of blocks a scan of this component alone has. */
  int realAcross() {
    return realAcross;
  }

  /** How many rows of blocks a scan of this component alone has. */
  int realDown() {
    return realDown;
  }

  /** The first scan's table is the one that counts. */
  void begin(JpegTables tables) throws UnusualJpegException {
    if (quantization == null) {
      quantization = tables.quantization(component.quantization());
    }
  }

  /** Notes what a scan gives; refuses what does not continue the scans before it. */
  void refine(JpegScan scan, boolean progressive) throws UnusualJpegException {
    int first = progressive ? scan.firstCoefficient() : 0;
    int last = progressive ? scan.lastCoefficient() : 63;
    int required = progressive && scan.previousBit() > 0 ? scan.previousBit() : UNKNOWN;
    for (int k = first; k <= last; k++) {
      if (lowestBits[k] != required || (k > 0 && first > 0 && lowestBits[0] == UNKNOWN)) {
        throw new UnusualJpegException("the scans come in no usual order");
      }
      lowestBits[k] = progressive ? scan.lowestBit() : 0;
    }
  }

  /** Refuses coefficients that are not known to the last bit: libjpeg would smooth the picture. */
  void requireComplete() throws UnusualJpegException {
    for (int bit : lowestBits) {
      if (bit != 0) {
        throw new UnusualJpegException("the scans do not give all coefficients");
      }
    }
  }

  /**
   * Dequantizes one block.
   *
   * @param block rows from the top, all zero before
   * @return the union of the bits of the indexes that are not zero
   */
  int read(int row, int column, int[] block) {
    int number = block(row, column);
    int from = 64 * number;
    block[0] = (short) (values[from] * quantization[0]);
    int written = 0;
    for (long rest = occupied[number]; rest != 0; rest &= rest - 1) {
      int k = Long.numberOfTrailingZeros(rest);
      int index = JpegFrame.NATURAL_ORDER[k];
      written |= index;
      block[index] = (short) (values[from + k] * quantization[k]);
    }
    return written;
  }
}
