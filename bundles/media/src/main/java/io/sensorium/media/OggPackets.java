package io.sensorium.media;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** The packets of the first logical stream of an Ogg file (RFC 3533), checksums verified. */
final class OggPackets {
  private static final int MAGIC = 0x5367674F; // "OggS", little-endian
  private static final int CONTINUED = 1;
  private static final int FIRST = 2;
  private static final int LAST = 4;
  private static final int HEADER_BYTES = 27;
  private static final int CHECKSUM_OFFSET = 22;
  private static final int[] CRC_32 = table();

  private final ByteReader reader;
  private final ByteArrayOutputStream packet = new ByteArrayOutputStream();
  private byte[] lacing = new byte[0];
  private int nextSegment;
  private int serial;
  private boolean started;
  private boolean lastPage;
  private long granule;

  OggPackets(ByteBuffer bytes) {
    this.reader = ByteReader.littleEndian(bytes);
  }

  /** The position that the page of the latest packet declares: frames up to its end; -1 if none. */
  long granule() {
    return granule;
  }

  /** Answers whether the latest packet lies on the last page. */
  boolean isLast() {
    return lastPage;
  }

  /** Answers whether the latest packet ends the latest packet's page. */
  boolean endsPage() {
    for (int i = nextSegment; i < lacing.length; i++) {
      if ((lacing[i] & 0xFF) < 255) {
        return false;
      }
    }
    return true;
  }

  /** The next packet, or null at the end of the stream. */
  byte[] next() throws MalformedMediaException {
    packet.reset();
    while (true) {
      while (nextSegment == lacing.length) {
        if (lastPage) {
          return null;
        }
        readPage(packet.size() > 0);
      }
      int length = lacing[nextSegment++] & 0xFF;
      packet.writeBytes(reader.array(length));
      if (length < 255) {
        return packet.toByteArray();
      }
    }
  }

  private void readPage(boolean withinPacket) throws MalformedMediaException {
    int start = reader.position();
    if (reader.i32() != MAGIC || reader.u8() != 0) {
      throw new MalformedMediaException("there is no page at offset %d".formatted(start));
    }
    int flags = reader.u8();
    granule = reader.i64();
    int pageSerial = reader.i32();
    reader.skip(4);
    int checksum = reader.i32();
    byte[] segments = reader.array(reader.u8());
    int content = 0;
    for (byte segment : segments) {
      content += segment & 0xFF;
    }
    reader.seek(start);
    int length = HEADER_BYTES + segments.length + content;
    if (checksum(reader.slice(length)) != checksum) {
      throw new MalformedMediaException("the checksum of the page at %d is wrong".formatted(start));
    }
    if (started && pageSerial != serial) {
      return; // another stream's page: skipped
    }
    if (started == ((flags & FIRST) != 0) || withinPacket != ((flags & CONTINUED) != 0)) {
      throw new MalformedMediaException(
          "the page at %d does not continue the stream".formatted(start));
    }
    started = true;
    serial = pageSerial;
    lastPage = (flags & LAST) != 0;
    lacing = segments;
    nextSegment = 0;
    reader.seek(start + HEADER_BYTES + (long) segments.length);
  }

  private static int checksum(ByteBuffer page) {
    int crc = 0;
    for (int i = 0; i < page.limit(); i++) {
      boolean blank = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + 4;
      int value = blank ? 0 : page.get(i) & 0xFF;
      crc = (crc << 8) ^ CRC_32[(crc >>> 24) ^ value];
    }
    return crc;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int value = 0; value < table.length; value++) {
      int crc = value << 24;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc < 0 ? (crc << 1) ^ 0x04C11DB7 : crc << 1;
      }
      table[value] = crc;
    }
    return table;
  }
}
