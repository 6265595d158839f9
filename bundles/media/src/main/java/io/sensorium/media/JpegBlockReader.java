package io.sensorium.media;

/**
 * Reads one component's part of a scan into its stored coefficients, block by block (ITU-T T.81,
 * annexes F and G). Used by one thread.
 */
final class JpegBlockReader {
  private final JpegBits bits;
  private final JpegScan scan;
  private final boolean progressive;
  private final short[] values;
  private final JpegHuffman dc;
  private final JpegHuffman ac;
  private int prediction;

  /** So many blocks to come have nothing but refinements. */
  private int emptyBlocks;

  /**
   * @param part the component's place in the scan
   */
  JpegBlockReader(
      JpegBits bits,
      JpegScan scan,
      int part,
      JpegCoefficients target,
      JpegTables tables,
      boolean progressive)
      throws UnusualJpegException {
    this.bits = bits;
    this.scan = scan;
    this.progressive = progressive;
    this.values = target.values();
    boolean first = scan.firstCoefficient() == 0;
    boolean usesDc = !progressive || (first && scan.previousBit() == 0);
    boolean usesAc = !progressive || !first;
    this.dc = usesDc ? tables.dc(scan.dc().get(part)) : null;
    this.ac = usesAc ? tables.ac(scan.ac().get(part)) : null;
  }

  /** Forgets what was read before a restart marker. */
  void restart() {
    prediction = 0;
    emptyBlocks = 0;
  }

  /** Reads the block whose coefficients begin at an offset. */
  void read(int offset) throws UnusualJpegException {
    if (!progressive) {
      readDc(offset, 0);
      readAc(offset, 63);
    } else if (scan.firstCoefficient() == 0) {
      if (scan.previousBit() == 0) {
        readDc(offset, scan.lowestBit());
      } else if (bits.read(1) != 0) {
        values[offset] |= (short) (1 << scan.lowestBit());
      }
    } else if (scan.previousBit() == 0) {
      readFirstBits(offset);
    } else {
      refine(offset);
    }
  }

  private void readDc(int offset, int shift) throws UnusualJpegException {
    prediction += bits.readValue(bits.symbol(dc));
    values[offset] = (short) (prediction << shift);
  }

  private void readAc(int offset, int last) throws UnusualJpegException {
    for (int k = 1; k <= last; k++) {
      int symbol = bits.symbol(ac);
      int size = symbol & 15;
      k += symbol >> 4;
      if (size == 0 && symbol != 0xF0) {
        return;
      }
      if (size > 0) {
        put(offset, k, bits.readValue(size));
      }
    }
  }

  private void readFirstBits(int offset) throws UnusualJpegException {
    if (emptyBlocks > 0) {
      emptyBlocks--;
      return;
    }
    for (int k = scan.firstCoefficient(); k <= scan.lastCoefficient(); k++) {
      int symbol = bits.symbol(ac);
      int size = symbol & 15;
      int run = symbol >> 4;
      if (size == 0 && run < 15) {
        emptyBlocks = readRun(run) - 1;
        return;
      }
      k += run;
      if (size > 0) {
        put(offset, k, bits.readValue(size) << scan.lowestBit());
      }
    }
  }

  private int readRun(int size) {
    return (1 << size) + (size == 0 ? 0 : bits.read(size));
  }

  private void put(int offset, int k, int value) throws UnusualJpegException {
    if (k > 63) {
      throw new UnusualJpegException("a block has more than 64 coefficients");
    }
    values[offset + k] = (short) value;
  }

  private void refine(int offset) throws UnusualJpegException {
    int end = offset + scan.lastCoefficient() + 1;
    int at = offset + scan.firstCoefficient();
    int bit = 1 << scan.lowestBit();
    while (at < end && emptyBlocks == 0) {
      int symbol = bits.symbol(ac);
      int run = symbol >> 4;
      int size = symbol & 15;
      if (size > 1) {
        throw new UnusualJpegException("a refinement has more than one bit");
      }
      if (size == 0 && run < 15) {
        emptyBlocks = readRun(run);
        break;
      }
      int value = size == 0 ? 0 : bits.read(1) != 0 ? bit : -bit;
      at = refineUntil(at, end, run, bit);
      if (value != 0) {
        if (at == end) {
          throw new UnusualJpegException("a refinement lies behind its band");
        }
        values[at] = (short) value;
      }
      at++;
    }
    if (emptyBlocks > 0) {
      refineUntil(at, end, 64, bit);
      emptyBlocks--;
    }
  }

  /** Refines what is known already; answers where the zero behind so many others lies. */
  private int refineUntil(int from, int end, int zeros, int bit) {
    int left = zeros;
    int at = from;
    for (; at < end; at++) {
      int value = values[at];
      if (value == 0) {
        if (left-- == 0) {
          break;
        }
      } else if (bits.read(1) != 0 && (value & bit) == 0) {
        values[at] = (short) (value + (value > 0 ? bit : -bit));
      }
    }
    return at;
  }
}
