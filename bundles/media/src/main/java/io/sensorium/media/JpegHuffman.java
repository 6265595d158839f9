package io.sensorium.media;

/**
 * A Huffman table (ITU-T T.81, annex C), prepared for looking up {@value #LOOKUP_BITS} bits at
 * once. Immutable.
 */
final class JpegHuffman {
  static final int LOOKUP_BITS = 11;
  static final int MAXIMUM_CODE_BITS = 16;
  private static final int MAXIMUM_DC_BITS = 15;

  /** By the next bits: {@code symbol << 8 | code length}, or 0 if the code is longer. */
  final int[] codes = new int[1 << LOOKUP_BITS];

  /**
   * By the next bits: {@code coefficient << 16 | run << 8 | bits} where code and coefficient fit in
   * them, or else the code alone, as above.
   */
  final int[] coefficients = new int[1 << LOOKUP_BITS];

  /** By code length: the code that follows the last one, and where its symbol would lie. */
  private final int[] codeEnds = new int[MAXIMUM_CODE_BITS + 1];

  private final int[] symbolOffsets = new int[MAXIMUM_CODE_BITS + 1];
  private final byte[] symbols;

  /**
   * @param counts how many codes there are of 1 to 16 bits
   * @param symbols in the order of their codes
   */
  JpegHuffman(byte[] counts, byte[] symbols) throws UnusualJpegException {
    this.symbols = symbols;
    int code = 0;
    int next = 0;
    for (int length = 1; length <= MAXIMUM_CODE_BITS; length++) {
      int count = counts[length - 1] & 0xFF;
      symbolOffsets[length] = next - code;
      for (int end = next + count; next < end; next++, code++) {
        if (length <= LOOKUP_BITS && code < 1 << length) {
          fill(code, length, symbols[next] & 0xFF);
        }
      }
      if (code > 1 << length) {
        throw new UnusualJpegException("a Huffman table has too many codes");
      }
      codeEnds[length] = code;
      code <<= 1;
    }
  }

  private void fill(int code, int length, int symbol) {
    int free = LOOKUP_BITS - length;
    int size = symbol & 15;
    for (int rest = 0; rest < 1 << free; rest++) {
      int prefix = code << free | rest;
      codes[prefix] = symbol << 8 | length;
      coefficients[prefix] = symbol << 8 | length;
      if (size > 0 && size <= free) {
        int value = extend(rest >> (free - size), size);
        coefficients[prefix] = value << 16 | (symbol >> 4) << 8 | (length + size);
      }
    }
  }

  /** The value that {@code size} bits stand for: the lower half is negative. */
  static int extend(int value, int size) {
    return value + (((value - (1 << (size - 1))) >> 31) & ((-1 << size) + 1));
  }

  /**
   * Reads a code of more than {@value #LOOKUP_BITS} bits.
   *
   * @param bits the coming bits, the first one on top
   * @return {@code symbol << 8 | code length}
   */
  int longCode(long bits) throws UnusualJpegException {
    for (int length = LOOKUP_BITS + 1; length <= MAXIMUM_CODE_BITS; length++) {
      int code = (int) (bits >>> (64 - length));
      if (code < codeEnds[length]) {
        int index = symbolOffsets[length] + code;
        if (index >= 0) {
          return (symbols[index] & 0xFF) << 8 | length;
        }
      }
    }
    throw new UnusualJpegException("there is no such Huffman code");
  }

  /** Refuses a table whose symbols are no lengths of DC differences. */
  JpegHuffman requireDifferences() throws UnusualJpegException {
    for (byte symbol : symbols) {
      if ((symbol & 0xFF) > MAXIMUM_DC_BITS) {
        throw new UnusualJpegException("a DC difference has more than 15 bits");
      }
    }
    return this;
  }
}
