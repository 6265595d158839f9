package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Reads the arguments of pickle's opcodes, none beyond its end. One thread at a time. */
final class PickleBytes {
  /** Far above the name of any tensor or class. */
  private static final int MAX_STRING_BYTES = 1 << 16;

  /** PyTorch's largest integer is the magic number of its legacy format, of 10 bytes. */
  private static final int MAX_INTEGER_BYTES = 16;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong BIG_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final String what;
  private final MemorySegment bytes;
  private long position;

  PickleBytes(String what, MemorySegment bytes) {
    this.what = what;
    this.bytes = bytes;
  }

  /** How many bytes have been read. */
  long position() {
    return position;
  }

  int unsignedByte() {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, advance(1)));
  }

  int unsignedShort() {
    return unsignedByte() | unsignedByte() << 8;
  }

  int integer() {
    return bytes.get(INT, advance(Integer.BYTES));
  }

  double decimal() {
    return Double.longBitsToDouble(bytes.get(BIG_ENDIAN_LONG, advance(Long.BYTES)));
  }

  /** An integer in two's complement, least byte first; a Long where it fits. */
  Number longInteger(long length) {
    if (length < 0 || length > MAX_INTEGER_BYTES) {
      throw wrong(
          "has an integer of %d bytes; %d are allowed".formatted(length, MAX_INTEGER_BYTES));
    }
    byte[] littleEndian = take(length);
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    BigInteger value = bigEndian.length == 0 ? BigInteger.ZERO : new BigInteger(bigEndian);
    return value.bitLength() < Long.SIZE ? Long.valueOf(value.longValue()) : value;
  }

  /** A string of UTF-8. */
  String string(long length) {
    return decode(length, StandardCharsets.UTF_8);
  }

  /** A string of Python 2, whose bytes have no encoding: names in ASCII. */
  String byteString(long length) {
    return decode(length, StandardCharsets.US_ASCII);
  }

  /** A line without its end. */
  String line() {
    long length = 0;
    while (bytes.get(ValueLayout.JAVA_BYTE, position + checked(length + 1) - 1) != '\n') {
      length++;
      if (length > MAX_STRING_BYTES) {
        throw wrong("has a line of more than %d bytes".formatted(MAX_STRING_BYTES));
      }
    }
    String line = string(length);
    advance(1);
    return line;
  }

  void skip(long length) {
    advance(length);
  }

  private String decode(long length, Charset charset) {
    if (length < 0 || length > MAX_STRING_BYTES) {
      throw wrong(
          "has a string of %s bytes; %d are allowed"
              .formatted(Long.toUnsignedString(length), MAX_STRING_BYTES));
    }
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(take(length))).toString();
    } catch (CharacterCodingException e) {
      throw new ModelLoadException(
          "%s has a string that is not %s near byte %d".formatted(what, charset, position), e);
    }
  }

  private byte[] take(long length) {
    return bytes.asSlice(advance(length), length).toArray(ValueLayout.JAVA_BYTE);
  }

  private long advance(long length) {
    long begin = position;
    position += checked(length);
    return begin;
  }

  private long checked(long length) {
    if (length < 0 || length > bytes.byteSize() - position) {
      throw wrong("ends before byte %s of it".formatted(Long.toUnsignedString(position + length)));
    }
    return length;
  }

  /** An error that says what is wrong and about where. */
  ModelLoadException wrong(String how) {
    return new ModelLoadException("%s %s (near byte %d)".formatted(what, how, position));
  }
}
