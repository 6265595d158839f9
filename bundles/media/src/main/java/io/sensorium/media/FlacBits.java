package io.sensorium.media;

import java.nio.ByteBuffer;

/** Reads bits, most significant first, from a buffer; past the end is malformed. */
final class FlacBits {
  private final ByteBuffer bytes;
  private final int limit;
  private int position;
  private long window;
  private int available;

  FlacBits(ByteBuffer bytes) {
    this.bytes = bytes.slice();
    this.limit = this.bytes.limit();
  }

  /** The position of the next byte; a partly read byte counts as read. */
  int bytePosition() {
    return position - available / 8;
  }

  void seek(int bytePosition) {
    position = bytePosition;
    available = 0;
  }

  boolean atEnd() {
    return bytePosition() >= limit;
  }

  /** Up to 32 bits, unsigned, in the low bits of an int. */
  int bits(int count) throws MalformedMediaException {
    while (available < count) {
      if (position >= limit) {
        throw new MalformedMediaException(
            "truncated: the bits end after %d bytes".formatted(limit));
      }
      window = (window << 8) | (bytes.get(position++) & 0xFF);
      available += 8;
    }
    available -= count;
    return (int) ((window >>> available) & ((1L << count) - 1));
  }

  /** Two's complement of 1 to 32 bits. */
  int signed(int count) throws MalformedMediaException {
    return bits(count) << (32 - count) >> (32 - count);
  }

  /** Two's complement of 1 to 33 bits: the difference of 32-bit channels has 33. */
  long wideSigned(int count) throws MalformedMediaException {
    if (count <= 32) {
      return signed(count);
    }
    long high = signed(count - 32);
    return (high << 32) | (bits(32) & 0xFFFFFFFFL);
  }

  /** The number of zeros before the next one. */
  int unary() throws MalformedMediaException {
    int zeros = 0;
    while (true) {
      long unread = available == 0 ? 0 : window & ((1L << available) - 1);
      if (unread != 0) {
        int skipped = Long.numberOfLeadingZeros(unread) - (64 - available);
        available -= skipped + 1;
        return zeros + skipped;
      }
      zeros += available;
      available = 0;
      window = bits(8);
      available = 8;
    }
  }

  void alignToByte() {
    available -= available & 7;
  }
}
