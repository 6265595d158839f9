package io.sensorium.media;

/** The tables that the markers of a stream have defined so far. Used by one thread. */
final class JpegTables {
  private static final int SLOTS = 4;

  private final int[][] quantization = new int[SLOTS][];
  private final JpegHuffman[] dc = new JpegHuffman[SLOTS];
  private final JpegHuffman[] ac = new JpegHuffman[SLOTS];
  private int restartInterval;

  /** Reads the content of a DQT segment. */
  void readQuantization(ByteReader content) throws MalformedMediaException, UnusualJpegException {
    while (content.remaining() > 0) {
      int precisionAndSlot = content.u8();
      int slot = precisionAndSlot & 15;
      if (slot >= SLOTS) {
        throw new UnusualJpegException("a quantization table has no such form");
      }
      int[] table = new int[64];
      for (int k = 0; k < 64; k++) {
        table[k] = precisionAndSlot >> 4 == 0 ? content.u8() : content.u16();
      }
      quantization[slot] = table;
    }
  }

  /** Reads the content of a DHT segment. */
  void readHuffman(ByteReader content) throws MalformedMediaException, UnusualJpegException {
    while (content.remaining() > 0) {
      int slot = content.u8();
      byte[] counts = content.array(JpegHuffman.MAXIMUM_CODE_BITS);
      int symbols = 0;
      for (byte count : counts) {
        symbols += count & 0xFF;
      }
      if (symbols > 256 || (slot & 0xEF) >= SLOTS) {
        throw new UnusualJpegException("a Huffman table has no such form");
      }
      JpegHuffman table = new JpegHuffman(counts, content.array(symbols));
      if (slot < SLOTS) {
        dc[slot] = table.requireDifferences();
      } else {
        ac[slot & (SLOTS - 1)] = table;
      }
    }
  }

  /** Reads the content of a DRI segment. */
  void readRestartInterval(ByteReader content) throws MalformedMediaException {
    restartInterval = content.u16();
  }

  /** Units between two restart markers; 0 if there are none. */
  int restartInterval() {
    return restartInterval;
  }

  /** In zigzag order. */
  int[] quantization(int slot) throws UnusualJpegException {
    return require(quantization, slot);
  }

  JpegHuffman dc(int slot) throws UnusualJpegException {
    return require(dc, slot);
  }

  JpegHuffman ac(int slot) throws UnusualJpegException {
    return require(ac, slot);
  }

  private static <T> T require(T[] tables, int slot) throws UnusualJpegException {
    if (slot >= SLOTS || tables[slot] == null) {
      throw new UnusualJpegException("a table is missing");
    }
    return tables[slot];
  }
}
