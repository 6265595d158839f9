package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds where the entries of a zip archive lie, which may lie about everything.
 *
 * <p>Zip64 is understood. Names and bytes are taken from the central directory and must agree with
 * what precedes each entry; entries may neither overlap nor leave the file. Checksums are not
 * compared: PyTorch can be told to write none. The format is PKWARE's APPNOTE.TXT, 6.3.10.
 */
final class ZipDirectory {
  static final int LOCAL_HEADER = 0x04034b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int END64_LOCATOR = 0x07064b50;

  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int CENTRAL_HEADER_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int END64_BYTES = 56;
  private static final int END64_LOCATOR_BYTES = 20;
  private static final int MAX_COMMENT_BYTES = 0xffff;
  private static final int EXTRA_ZIP64 = 1;
  private static final int ENCRYPTED = 1;
  private static final int IN_EXTRA_16 = 0xffff;
  private static final long IN_EXTRA_32 = 0xffff_ffffL;

  /** Far above real archives, which have one entry for every tensor. */
  private static final long MAX_ENTRIES = 1 << 20;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String what;
  private final MemorySegment file;

  private ZipDirectory(String what, MemorySegment file) {
    this.what = what;
    this.file = file;
  }

  /**
   * Where an entry's bytes are. Immutable.
   *
   * @param name its path in the archive
   * @param stored whether the bytes are those of the content, neither compressed nor encrypted
   * @param begin of its header, counted from the start of the file
   * @param offset of its bytes, counted from the start of the file
   * @param length of its bytes
   */
  record Entry(String name, boolean stored, long begin, long offset, long length) {
    long end() {
      return offset + length;
    }
  }

  /**
   * Reads the directory.
   *
   * @param what the file, for messages
   * @param file its bytes
   * @return the entries by their names
   * @throws ModelLoadException if the archive is not well-formed
   */
  static Map<String, Entry> read(String what, MemorySegment file) {
    return new ZipDirectory(what, file).entries();
  }

  /** The directory's place, as the end of the archive tells it. */
  private record Place(long offset, long length, long entries) {}

  private Map<String, Entry> entries() {
    Place place = place();
    if (place.entries < 0 || place.entries > MAX_ENTRIES) {
      throw wrong(
          "may have %d entries at most; it claims %s"
              .formatted(MAX_ENTRIES, Long.toUnsignedString(place.entries)));
    }
    MemorySegment directory = slice("the directory", place.offset, place.length);
    Map<String, Entry> entries = new LinkedHashMap<>();
    long at = 0;
    for (long i = 0; i < place.entries; i++) {
      if (directory.byteSize() - at < CENTRAL_HEADER_BYTES
          || directory.get(INT, at) != CENTRAL_HEADER) {
        throw wrong("has no header for entry %d of %d".formatted(i, place.entries));
      }
      MemorySegment header = directory.asSlice(at);
      int size = CENTRAL_HEADER_BYTES + u16(header, 28) + u16(header, 30) + u16(header, 32);
      if (size > header.byteSize()) {
        throw wrong("ends inside the header of entry %d".formatted(i));
      }
      Entry entry = entry(header.asSlice(0, size));
      if (entries.put(entry.name, entry) != null) {
        throw wrong("has '%s' twice".formatted(entry.name));
      }
      at += size;
    }
    requireApart(entries, place.offset);
    return entries;
  }

  private Place place() {
    long last = file.byteSize() - END_BYTES;
    for (long at = last; at >= 0 && at >= last - MAX_COMMENT_BYTES; at--) {
      if (file.get(INT, at) == END && u16(file, at + 20) == last - at) {
        if (u16(file, at + 4) != 0 && u16(file, at + 4) != IN_EXTRA_16) {
          throw wrong("is one part of several");
        }
        long entries = u16(file, at + 10);
        long length = u32(file, at + 12);
        long offset = u32(file, at + 16);
        boolean wide = entries == IN_EXTRA_16 || length == IN_EXTRA_32 || offset == IN_EXTRA_32;
        return wide ? place64(at - END64_LOCATOR_BYTES) : new Place(offset, length, entries);
      }
    }
    throw wrong("has no directory: it is cut off or no zip archive");
  }

  private Place place64(long locator) {
    if (locator < 0 || file.get(INT, locator) != END64_LOCATOR) {
      throw wrong("lacks the zip64 locator that its end speaks of");
    }
    MemorySegment end = slice("the zip64 end", file.get(LONG, locator + 8), END64_BYTES);
    if (end.get(INT, 0) != END64) {
      throw wrong("lacks the zip64 end that its locator speaks of");
    }
    return new Place(end.get(LONG, 48), end.get(LONG, 40), end.get(LONG, 32));
  }

  private Entry entry(MemorySegment header) {
    int nameBytes = u16(header, 28);
    byte[] name = header.asSlice(CENTRAL_HEADER_BYTES, nameBytes).toArray(ValueLayout.JAVA_BYTE);
    String text = new String(name, StandardCharsets.UTF_8);
    Sizes sizes = sizes(text, header, CENTRAL_HEADER_BYTES + nameBytes);
    MemorySegment local = slice("'" + text + "'", sizes.begin, LOCAL_HEADER_BYTES);
    long offset = sizes.begin + LOCAL_HEADER_BYTES + u16(local, 26) + u16(local, 28);
    slice("'" + text + "'", offset, sizes.packed);
    if (local.get(INT, 0) != LOCAL_HEADER
        || u16(local, 8) != u16(header, 10)
        || u16(local, 26) != nameBytes
        || file.asSlice(sizes.begin + LOCAL_HEADER_BYTES, nameBytes)
                .mismatch(MemorySegment.ofArray(name))
            >= 0) {
      throw wrong("tells of '%s' what does not stand before its bytes".formatted(text));
    }
    boolean stored = u16(header, 10) == 0 && (u16(header, 8) & ENCRYPTED) == 0;
    if (stored && sizes.packed != sizes.unpacked) {
      throw wrong(
          "says that '%s' is not compressed and takes %d bytes for %d"
              .formatted(text, sizes.packed, sizes.unpacked));
    }
    return new Entry(text, stored, sizes.begin, offset, sizes.packed);
  }

  private record Sizes(long unpacked, long packed, long begin) {}

  /** The three figures of a header that may stand in its zip64 field instead, in this order. */
  private Sizes sizes(String name, MemorySegment header, long extraAt) {
    long[] figures = {u32(header, 24), u32(header, 20), u32(header, 42)};
    MemorySegment extra = header.asSlice(extraAt, u16(header, 30));
    MemorySegment wide = zip64Field(extra);
    long at = 0;
    for (int i = 0; i < figures.length; i++) {
      if (figures[i] == IN_EXTRA_32) {
        if (wide.byteSize() - at < Long.BYTES) {
          throw wrong("lacks the zip64 sizes of '%s'".formatted(name));
        }
        figures[i] = wide.get(LONG, at);
        at += Long.BYTES;
      }
    }
    return new Sizes(figures[0], figures[1], figures[2]);
  }

  private static MemorySegment zip64Field(MemorySegment extra) {
    long at = 0;
    while (extra.byteSize() - at >= 4) {
      long size = u16(extra, at + 2);
      if (size > extra.byteSize() - at - 4) {
        break;
      }
      if (u16(extra, at) == EXTRA_ZIP64) {
        return extra.asSlice(at + 4, size);
      }
      at += 4 + size;
    }
    return MemorySegment.NULL;
  }

  private void requireApart(Map<String, Entry> entries, long end) {
    List<Entry> inOrder = new ArrayList<>(entries.values());
    inOrder.sort(Comparator.comparingLong(Entry::begin));
    for (int i = 0; i < inOrder.size(); i++) {
      Entry entry = inOrder.get(i);
      long limit = i + 1 < inOrder.size() ? inOrder.get(i + 1).begin : end;
      if (entry.end() > limit) {
        throw wrong(
            "has '%s' end at byte %d, overlapping what begins at %d"
                .formatted(entry.name, entry.end(), limit));
      }
    }
  }

  private MemorySegment slice(String part, long offset, long length) {
    if (offset < 0 || length < 0 || offset > file.byteSize() || length > file.byteSize() - offset) {
      throw wrong(
          "has %s at byte %s, %s bytes long; the file has %d"
              .formatted(
                  part,
                  Long.toUnsignedString(offset),
                  Long.toUnsignedString(length),
                  file.byteSize()));
    }
    return file.asSlice(offset, length);
  }

  private static int u16(MemorySegment bytes, long at) {
    return Short.toUnsignedInt(bytes.get(SHORT, at));
  }

  private static long u32(MemorySegment bytes, long at) {
    return Integer.toUnsignedLong(bytes.get(INT, at));
  }

  private ModelLoadException wrong(String how) {
    return new ModelLoadException("the archive %s %s".formatted(what, how));
  }
}
