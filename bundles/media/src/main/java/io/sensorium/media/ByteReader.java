package io.sensorium.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over bytes that answers a reading past the end with a {@link MalformedMediaException}.
 */
final class ByteReader {
  private static final long EVERY_BYTE = 0x0101010101010101L;

  private final ByteBuffer bytes;

  ByteReader(ByteBuffer bytes, ByteOrder order) {
    this.bytes = bytes.slice().order(order);
  }

  static ByteReader bigEndian(ByteBuffer bytes) {
    return new ByteReader(bytes, ByteOrder.BIG_ENDIAN);
  }

  static ByteReader littleEndian(ByteBuffer bytes) {
    return new ByteReader(bytes, ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int size() {
    return bytes.limit();
  }

  int remaining() {
    return bytes.remaining();
  }

  void seek(long position) throws MalformedMediaException {
    if (position < 0 || position > bytes.limit()) {
      throw new MalformedMediaException(
          "offset %d lies outside of the %d bytes".formatted(position, bytes.limit()));
    }
    bytes.position((int) position);
  }

  void skip(long count) throws MalformedMediaException {
    require(count);
    bytes.position(bytes.position() + (int) count);
  }

  /** Moves behind the next byte of a value, which must come. */
  void skipBehind(int value) throws MalformedMediaException {
    long pattern = value * EVERY_BYTE;
    int at = bytes.position();
    while (at <= bytes.limit() - Long.BYTES && !hasZeroByte(bytes.getLong(at) ^ pattern)) {
      at += Long.BYTES;
    }
    while (at < bytes.limit() && bytes.get(at) != (byte) value) {
      at++;
    }
    bytes.position(at);
    skip(1);
  }

  private static boolean hasZeroByte(long eight) {
    return ((eight - EVERY_BYTE) & ~eight & EVERY_BYTE << 7) != 0;
  }

  int u8() throws MalformedMediaException {
    require(1);
    return bytes.get() & 0xFF;
  }

  int u16() throws MalformedMediaException {
    require(2);
    return bytes.getShort() & 0xFFFF;
  }

  int u24() throws MalformedMediaException {
    int first = u8();
    int second = u8();
    int third = u8();
    return bytes.order() == ByteOrder.BIG_ENDIAN
        ? (first << 16) | (second << 8) | third
        : (third << 16) | (second << 8) | first;
  }

  int i32() throws MalformedMediaException {
    require(4);
    return bytes.getInt();
  }

  long u32() throws MalformedMediaException {
    return i32() & 0xFFFFFFFFL;
  }

  long i64() throws MalformedMediaException {
    require(8);
    return bytes.getLong();
  }

  String ascii(int count) throws MalformedMediaException {
    return new String(array(count), StandardCharsets.ISO_8859_1);
  }

  byte[] array(int count) throws MalformedMediaException {
    require(count);
    byte[] copy = new byte[count];
    bytes.get(copy);
    return copy;
  }

  /** The next bytes as a view, in this reader's order. */
  ByteBuffer slice(long count) throws MalformedMediaException {
    require(count);
    ByteBuffer slice = bytes.slice(bytes.position(), (int) count).order(bytes.order());
    bytes.position(bytes.position() + (int) count);
    return slice;
  }

  private void require(long count) throws MalformedMediaException {
    if (count < 0 || count > bytes.remaining()) {
      throw new MalformedMediaException(
          "truncated: %d bytes are needed at offset %d, %d are left"
              .formatted(count, bytes.position(), bytes.remaining()));
    }
  }
}
