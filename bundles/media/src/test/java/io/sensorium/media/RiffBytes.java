package io.sensorium.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes chunks by hand, so that tests can lie in any field. */
final class RiffBytes {
  private final ByteBuffer bytes;

  RiffBytes(ByteOrder order) {
    bytes = ByteBuffer.allocate(1 << 16).order(order);
  }

  RiffBytes text(String text) {
    bytes.put(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  RiffBytes u8(int value) {
    bytes.put((byte) value);
    return this;
  }

  RiffBytes u16(int value) {
    bytes.putShort((short) value);
    return this;
  }

  RiffBytes u32(long value) {
    bytes.putInt((int) value);
    return this;
  }

  RiffBytes u64(long value) {
    bytes.putLong(value);
    return this;
  }

  RiffBytes f32(float value) {
    bytes.putFloat(value);
    return this;
  }

  byte[] toBytes() {
    byte[] copy = new byte[bytes.position()];
    bytes.get(0, copy);
    return copy;
  }

  /** The header of a WAV file up to and with the data chunk's length. */
  static RiffBytes wav(int tag, int channels, int rate, int bits, long dataBytes) {
    int frameBytes = channels * ((bits + 7) / 8);
    return new RiffBytes(ByteOrder.LITTLE_ENDIAN)
        .text("RIFF")
        .u32(36 + dataBytes)
        .text("WAVEfmt ")
        .u32(16)
        .u16(tag)
        .u16(channels)
        .u32(rate)
        .u32((long) rate * frameBytes)
        .u16(frameBytes)
        .u16(bits)
        .text("data")
        .u32(dataBytes);
  }

  /** The header of an AIFF-C file of 8000 Hz up to the first sample. */
  static RiffBytes aiff(String coding, int channels, int frames, int bits) {
    int dataBytes = frames * channels * ((bits + 7) / 8);
    return new RiffBytes(ByteOrder.BIG_ENDIAN)
        .text("FORM")
        .u32(46 + dataBytes)
        .text("AIFCCOMM")
        .u32(24)
        .u16(channels)
        .u32(frames)
        .u16(bits)
        .u16(0x400B)
        .u64(0xFA00000000000000L)
        .text(coding)
        .u16(0)
        .text("SSND")
        .u32(8 + dataBytes)
        .u32(0)
        .u32(0);
  }
}
