package io.sensorium.index.lucene;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of a log file, big-endian. Thread-safe.
 *
 * <p>A file starts with a header: a magic (int64), the file's number (int64), a random key (int64)
 * and the CRC-32C of those (int32). Frames follow: a magic (int32), the payload's length (int32),
 * the CRC-32C of key, length and payload (int32), and the payload. The key keeps bytes that were
 * copied from another log, or brought in by an item, from ever looking like a frame.
 */
final class LogFormat {
  static final int HEADER_BYTES = 28;
  static final int FRAME_HEADER_BYTES = 12;

  private static final long FILE_MAGIC = 0x5345_4e53_4c4f_4731L;
  private static final int FRAME_MAGIC = 0xf7a3_5c19;
  private static final int CHECKED_HEADER_BYTES = 24;

  private LogFormat() {}

  static ByteBuffer header(long number, long key) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putLong(FILE_MAGIC).putLong(number).putLong(key);
    CRC32C crc = new CRC32C();
    crc.update(header.array(), 0, CHECKED_HEADER_BYTES);
    return header.putInt((int) crc.getValue()).flip();
  }

  /** Answers whether the file starts with a whole header of that number. */
  static boolean hasHeader(ByteBuffer file, long number) {
    return file.limit() >= HEADER_BYTES
        && header(number, key(file)).equals(file.slice(0, HEADER_BYTES));
  }

  static long key(ByteBuffer file) {
    return file.getLong(2 * Long.BYTES);
  }

  static ByteBuffer frame(long key, ByteBuffer payload) {
    int length = payload.remaining();
    ByteBuffer frame = ByteBuffer.allocate(Math.addExact(FRAME_HEADER_BYTES, length));
    frame.putInt(FRAME_MAGIC).putInt(length).putInt(checksum(key, payload));
    return frame.put(payload.duplicate()).flip();
  }

  /** The length of the intact payload of the frame at an offset; -1 if there is no such frame. */
  static int payloadLength(ByteBuffer file, long key, int offset) {
    if (file.limit() - offset < FRAME_HEADER_BYTES || file.getInt(offset) != FRAME_MAGIC) {
      return -1;
    }
    int length = file.getInt(offset + 4);
    if (length < 0 || length > file.limit() - offset - FRAME_HEADER_BYTES) {
      return -1;
    }
    int expected = file.getInt(offset + 8);
    return checksum(key, file.slice(offset + FRAME_HEADER_BYTES, length)) == expected ? length : -1;
  }

  /** The offset of the first intact frame at or after an offset; -1 if there is none. */
  static int nextFrame(ByteBuffer file, long key, int from) {
    for (int offset = from; offset <= file.limit() - FRAME_HEADER_BYTES; offset++) {
      if (payloadLength(file, key, offset) >= 0) {
        return offset;
      }
    }
    return -1;
  }

  private static int checksum(long key, ByteBuffer payload) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(12).putLong(key).putInt(payload.remaining()).flip());
    crc.update(payload.duplicate());
    return (int) crc.getValue();
  }
}
