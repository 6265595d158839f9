package io.sensorium.media;

import java.nio.ByteBuffer;

/** The ID3v2 tag that may precede a sound. */
final class Id3Tag {
  private static final int HEADER_BYTES = 10;
  private static final int FOOTER_FLAG = 0x10;

  private Id3Tag() {}

  /** The bytes that tags take at the start, 0 if there is none; at most the buffer's size. */
  static int length(ByteBuffer bytes) {
    long position = 0;
    while (position + HEADER_BYTES <= bytes.limit() && isTag(bytes, (int) position)) {
      int at = (int) position;
      long size = 0;
      for (int i = 6; i < HEADER_BYTES; i++) {
        size = (size << 7) | (bytes.get(at + i) & 0x7F);
      }
      boolean footer = (bytes.get(at + 5) & FOOTER_FLAG) != 0;
      position += HEADER_BYTES + size + (footer ? HEADER_BYTES : 0);
    }
    return (int) Math.min(position, bytes.limit());
  }

  private static boolean isTag(ByteBuffer bytes, int at) {
    return bytes.get(at) == 'I' && bytes.get(at + 1) == 'D' && bytes.get(at + 2) == '3';
  }
}
