package io.sensorium.models.checkpoints;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes zip archives, good and bad ones. */
final class ZipWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Central> directory = new ArrayList<>();
  private final boolean wide;

  /**
   * @param wide whether sizes and offsets stand in zip64 fields
   */
  ZipWriter(boolean wide) {
    this.wide = wide;
  }

  record Central(String name, int method, long packed, long unpacked, long begin) {}

  ZipWriter stored(String name, byte[] content) {
    return entry(name, 0, content, content.length, content.length);
  }

  /** An entry whose header says what it likes. */
  ZipWriter entry(String name, int method, byte[] content, long packed, long unpacked) {
    directory(name, method, packed, unpacked, out.size());
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = buffer(30).putInt(0x04034b50).putShort((short) 20).putShort((short) 0);
    header.putShort((short) method).putInt(0).putInt(0).putInt(0).putInt(0);
    put(header.putShort((short) bytes.length).putShort((short) 0));
    out.writeBytes(bytes);
    out.writeBytes(content);
    return this;
  }

  /** An entry of the directory alone. */
  ZipWriter directory(String name, int method, long packed, long unpacked, long begin) {
    directory.add(new Central(name, method, packed, unpacked, begin));
    return this;
  }

  byte[] finish() {
    return finish(directory.size());
  }

  byte[] finish(long entries) {
    long begin = out.size();
    directory.forEach(this::write);
    long length = out.size() - begin;
    if (wide) {
      long end = out.size();
      ByteBuffer end64 = buffer(56).putInt(0x06064b50).putLong(44).putInt(0).putInt(0).putInt(0);
      put(end64.putLong(entries).putLong(entries).putLong(length).putLong(begin));
      put(buffer(20).putInt(0x07064b50).putInt(0).putLong(end).putInt(1));
    }
    ByteBuffer end = buffer(22).putInt(0x06054b50).putInt(0);
    short count = wide ? -1 : (short) entries;
    end.putShort(count).putShort(count);
    end.putInt(wide ? -1 : (int) length).putInt(wide ? -1 : (int) begin).putShort((short) 0);
    put(end);
    return out.toByteArray();
  }

  private void write(Central entry) {
    byte[] bytes = entry.name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = buffer(46).putInt(0x02014b50).putInt(0).putShort((short) 0);
    header.putShort((short) entry.method).putInt(0).putInt(0);
    header.putInt(wide ? -1 : (int) entry.packed).putInt(wide ? -1 : (int) entry.unpacked);
    header.putShort((short) bytes.length).putShort((short) (wide ? 28 : 0)).putShort((short) 0);
    header.putInt(0).putInt(0).putInt(wide ? -1 : (int) entry.begin);
    put(header);
    out.writeBytes(bytes);
    if (wide) {
      ByteBuffer extra = buffer(28).putShort((short) 1).putShort((short) 24);
      put(extra.putLong(entry.unpacked).putLong(entry.packed).putLong(entry.begin));
    }
  }

  private void put(ByteBuffer full) {
    full.flip();
    while (full.hasRemaining()) {
      out.write(full.get());
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
