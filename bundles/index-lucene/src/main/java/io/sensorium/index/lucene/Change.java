package io.sensorium.index.lucene;

import io.sensorium.api.StorageException;
import io.sensorium.api.index.IndexEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.util.BytesRef;

/** One item stored or forgotten. Immutable. */
final class Change {
  private static final byte PUT = 1;
  private static final byte DELETE = 2;

  private final String id;
  private final Optional<IndexEntry> entry;
  private final byte[] bytes;

  private Change(String id, Optional<IndexEntry> entry, byte[] bytes) {
    this.id = id;
    this.entry = entry;
    this.bytes = bytes;
  }

  static Change put(IndexEntry entry) {
    return new Change(entry.id(), Optional.of(entry), EntryCodec.encode(entry));
  }

  static Change delete(String id) {
    return new Change(id, Optional.empty(), id.getBytes(StandardCharsets.UTF_8));
  }

  String id() {
    return id;
  }

  /** The item as it is to be stored; empty if it is to be forgotten. */
  Optional<IndexEntry> entry() {
    return entry;
  }

  /** The encoded item, or the id in UTF-8; borrowed. */
  BytesRef bytes() {
    return new BytesRef(bytes);
  }

  /** The bytes that the change takes in the log. */
  int loggedBytes() {
    return 1 + Integer.BYTES + bytes.length;
  }

  static ByteBuffer encode(List<Change> changes) {
    int size = changes.stream().mapToInt(Change::loggedBytes).reduce(0, Math::addExact);
    ByteBuffer out = ByteBuffer.allocate(size);
    for (Change change : changes) {
      out.put(change.entry.isPresent() ? PUT : DELETE);
      out.putInt(change.bytes.length).put(change.bytes);
    }
    return out.flip();
  }

  /**
   * @param where what the bytes were read from, for messages
   * @throws StorageException if the bytes are not what {@link #encode} wrote
   */
  static List<Change> decode(ByteBuffer in, String where) {
    List<Change> changes = new ArrayList<>();
    while (in.hasRemaining()) {
      byte kind = in.get();
      int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      if (length < 0 || length > in.remaining() || (kind != PUT && kind != DELETE)) {
        throw new StorageException("a whole change is required in " + where);
      }
      byte[] bytes = new byte[length];
      in.get(bytes);
      if (kind == PUT) {
        IndexEntry entry = EntryCodec.decode(bytes, where);
        changes.add(new Change(entry.id(), Optional.of(entry), bytes));
      } else {
        changes.add(delete(new String(bytes, StandardCharsets.UTF_8)));
      }
    }
    return changes;
  }
}
