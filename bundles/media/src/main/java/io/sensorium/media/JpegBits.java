package io.sensorium.media;

import static io.sensorium.media.JpegHuffman.LOOKUP_BITS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The entropy-coded bits of a scan: without stuffed bytes, up to the next marker. */
final class JpegBits {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long EVERY_BYTE = 0x0101010101010101L;

  /** A Huffman code and the value that follows it fit in so many bits. */
  static final int ENOUGH = 32;

  private static final int LOOKUP_SHIFT = Long.SIZE - LOOKUP_BITS;

  private final byte[] data;
  private int position;

  /** The coming bits, the first one on top; below the counted ones may lie others, or zeros. */
  private long bits;

  private int count;

  /** How many of the counted bits are zeros from behind the end. */
  private int missing;

  /**
   * @param position of the first coded byte
   */
  JpegBits(byte[] data, int position) {
    this.data = data;
    this.position = position;
  }

  /** Makes at least {@value #ENOUGH} bits ready; behind the end come zeros. */
  private void refill() {
    if (position <= data.length - Long.BYTES) {
      long next = (long) LONG.get(data, position);
      long inverted = ~next;
      if (((inverted - EVERY_BYTE) & next & EVERY_BYTE << 7) == 0) { // none is 0xFF
        bits |= next >>> count;
        position += (63 - count) >> 3;
        count |= 56;
        return;
      }
    }
    refillByByte();
  }

  private void refillByByte() {
    while (count <= Long.SIZE - Byte.SIZE) {
      if (position >= data.length || isMarker()) {
        missing += Long.SIZE - count;
        count = Long.SIZE;
        return;
      }
      int next = data[position] & 0xFF;
      position += next == 0xFF ? 2 : 1;
      bits |= (long) next << (Long.SIZE - Byte.SIZE - count);
      count += Byte.SIZE;
    }
  }

  private boolean isMarker() {
    return data[position] == (byte) 0xFF
        && (position + 1 >= data.length || data[position + 1] != 0);
  }

  /** The next Huffman-coded symbol. */
  int symbol(JpegHuffman table) throws UnusualJpegException {
    if (count < ENOUGH) {
      refill();
    }
    int code = table.codes[(int) (bits >>> LOOKUP_SHIFT)];
    if (code == 0) {
      code = table.longCode(bits);
    }
    bits <<= code & 0xFF;
    count -= code & 0xFF;
    return code >> 8;
  }

  /** The next 1 to 16 bits. */
  int read(int size) {
    if (count < ENOUGH) {
      refill();
    }
    int value = (int) (bits >>> (Long.SIZE - size));
    bits <<= size;
    count -= size;
    return value;
  }

  /** The next bits as a signed value; 0 for no bits. */
  int readValue(int size) {
    return size == 0 ? 0 : JpegHuffman.extend(read(size), size);
  }

  /**
   * Reads the AC coefficients of one block of a sequential scan.
   *
   * @param quantization in zigzag order
   * @param coefficients rows from the top; those that are not zero are written
   * @return the union of the written indexes' bits, 0 if nothing is written
   */
  int readBlock(JpegHuffman table, int[] quantization, int[] coefficients)
      throws UnusualJpegException {
    int[] lookup = table.coefficients;
    long coming = bits;
    int ready = count;
    int written = 0;
    for (int k = 1; k < 64; k++) {
      if (ready < ENOUGH) {
        bits = coming;
        count = ready;
        refill();
        coming = bits;
        ready = count;
      }
      int entry = lookup[(int) (coming >>> LOOKUP_SHIFT)];
      int value = entry >> 16;
      if (value != 0) {
        k += entry >> 8 & 15;
        coming <<= entry; // by its lowest six bits
        ready -= entry & 0xFF;
      } else {
        if (entry == 0) {
          entry = table.longCode(coming);
        }
        int size = entry >> 8 & 15;
        coming <<= entry;
        ready -= (entry & 0xFF) + size;
        k += entry >> 12;
        if (size == 0) {
          if (entry >> 12 == 15) {
            continue;
          }
          break;
        }
        value = JpegHuffman.extend((int) (coming >>> (Long.SIZE - size)), size);
        coming <<= size;
      }
      if (k > 63) {
        throw new UnusualJpegException("a block has more than 64 coefficients");
      }
      int index = JpegFrame.NATURAL_ORDER[k];
      written |= index;
      coefficients[index] = (short) (value * quantization[k]);
    }
    bits = coming;
    count = ready;
    return written;
  }

  /** Refuses a stream that has ended before the bits that were read. */
  void requireComplete() throws UnusualJpegException {
    if (missing > count) {
      throw new UnusualJpegException("the coded data end early");
    }
  }

  /** Where the next marker lies at the earliest. */
  int position() {
    return position;
  }

  /** Drops what is left of an interval and begins behind its marker, number 0 to 7. */
  void restart(int number) throws UnusualJpegException {
    requireComplete();
    while (position < data.length && !isMarker()) {
      position++;
    }
    while (position + 1 < data.length && data[position + 1] == (byte) 0xFF) {
      position++;
    }
    if (position + 1 >= data.length || data[position + 1] != (byte) (0xD0 + number)) {
      throw new UnusualJpegException("a restart marker is missing");
    }
    position += 2;
    bits = 0;
    count = 0;
    missing = 0;
  }
}
