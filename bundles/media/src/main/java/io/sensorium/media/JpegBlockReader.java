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
  private final long[] occupied;
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
    this.occupied = target.occupied();
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

  /** Reads the next block, whose number tells where it is stored. */
  void read(int block) throws UnusualJpegException {
    if (!progressive) {
      readDc(block, 0);
      readAc(block);
    } else if (scan.firstCoefficient() == 0) {
      if (scan.previousBit() == 0) {
        readDc(block, scan.lowestBit());
      } else if (bits.read(1) != 0) {
        values[64 * block] |= (short) (1 << scan.lowestBit());
      }
    } else if (scan.previousBit() == 0) {
      readFirstBits(block);
    } else {
      refine(block);
    }
  }

  private void readDc(int block, int shift) throws UnusualJpegException {
    prediction += bits.readValue(bits.symbol(dc));
    values[64 * block] = (short) (prediction << shift);
  }

  private void readAc(int block) throws UnusualJpegException {
    for (int k = 1; k < 64; k++) {
      int symbol = bits.symbol(ac);
      int size = symbol & 15;
      k += symbol >> 4;
      if (size == 0 && symbol != 0xF0) {
        return;
      }
      if (size > 0) {
        put(block, k, bits.readValue(size));
      }
    }
  }

  private void readFirstBits(int block) throws UnusualJpegException {
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
        put(block, k, bits.readValue(size) << scan.lowestBit());
      }
    }
  }

  private int readRun(int size) {
    return (1 << size) + (size == 0 ? 0 : bits.read(size));
  }

  private void put(int block, int k, int value) throws UnusualJpegException {
    if (k > 63) {
      throw new UnusualJpegException("a block has more than 64 coefficients");
    }
    values[64 * block + k] = (short) value;
    occupied[block] |= 1L << k;
  }

  private void refine(int block) throws UnusualJpegException {
    int end = scan.lastCoefficient() + 1;
    int k = scan.firstCoefficient();
    int bit = 1 << scan.lowestBit();
    while (k < end && emptyBlocks == 0) {
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
      k = refineUntil(block, k, end, run, bit);
      if (value != 0) {
        if (k == end) {
          throw new UnusualJpegException("a refinement lies behind its band");
        }
        put(block, k, value);
      }
      k++;
    }
    if (emptyBlocks > 0) {
      refineAll(block, k, end, bit);
      emptyBlocks--;
    }
  }

  /** Refines what is known already; answers where the zero behind so many others lies. */
  private int refineUntil(int block, int from, int end, int zeros, int bit) {
    long known = occupied[block];
    int left = zeros;
    int k = from;
    for (; k < end; k++) {
      if ((known >>> k & 1) != 0) {
        refineOne(64 * block + k, bit);
      } else if (left-- == 0) {
        break;
      }
    }
    return k;
  }

  private void refineAll(int block, int from, int end, int bit) {
    if (from >= end) {
      return;
    }
    long known = occupied[block] & -1L << from & -1L >>> (64 - end);
    for (; known != 0; known &= known - 1) {
      refineOne(64 * block + Long.numberOfTrailingZeros(known), bit);
    }
  }

  private void refineOne(int at, int bit) {
    int value = values[at];
    if (bits.read(1) != 0 && (value & bit) == 0) {
      values[at] = (short) (value + (value > 0 ? bit : -bit));
    }
  }
}
