package io.sensorium.index.lucene;

import io.sensorium.api.Modality;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * An entry as bytes, the same in the log and in Lucene: every string and every component comes back
 * exactly as it was. Thread-safe.
 *
 * <p>Layout, big-endian: version (1 byte); id, modality, path, content hash, space name, space
 * version and text as strings; the dimension (int32) and the components (float32); the number of
 * metadata pairs (int32) and their strings by ascending key; the CRC-32C of all that (int32). A
 * string is its length (int32) and its UTF-8 bytes, or, where unpaired surrogates forbid UTF-8, the
 * complement of its length in characters and its UTF-16 code units.
 */
final class EntryCodec {
  private static final byte VERSION = 1;

  private EntryCodec() {}

  static byte[] encode(IndexEntry entry) {
    Map<String, String> metadata = new TreeMap<>(entry.metadata());
    List<Text> texts = new ArrayList<>();
    texts.add(Text.of(entry.id()));
    texts.add(Text.of(entry.modality().name()));
    texts.add(Text.of(entry.path()));
    texts.add(Text.of(entry.contentHash()));
    texts.add(Text.of(entry.embedding().space().name()));
    texts.add(Text.of(entry.embedding().space().version()));
    texts.add(Text.of(entry.text()));
    List<Text> pairs = new ArrayList<>();
    metadata.forEach(
        (key, value) -> {
          pairs.add(Text.of(key));
          pairs.add(Text.of(value));
        });
    FloatBuffer components = entry.embedding().values();
    long size = 1 + 4 + 4L * components.remaining() + 4 + 4 + size(texts) + size(pairs);
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size));
    out.put(VERSION);
    texts.forEach(text -> text.write(out));
    out.putInt(components.remaining());
    int bytes = Float.BYTES * components.remaining();
    out.slice(out.position(), bytes).asFloatBuffer().put(components);
    out.position(out.position() + bytes);
    out.putInt(metadata.size());
    pairs.forEach(text -> text.write(out));
    out.putInt(checksum(out.array(), out.position()));
    return out.array();
  }

  /**
   * @param where what the bytes were read from, for the message
   * @throws StorageException if the bytes are not what {@link #encode} wrote
   */
  static IndexEntry decode(byte[] bytes, String where) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int body = bytes.length - Integer.BYTES;
    if (body < 1 || in.getInt(body) != checksum(bytes, body)) {
      throw new StorageException(
          "an item whose checksum holds is required; got %d damaged bytes in %s"
              .formatted(bytes.length, where));
    }
    byte version = in.get();
    if (version != VERSION) {
      throw new StorageException(
          "an item of version %d is required; got version %d in %s"
              .formatted(VERSION, version, where));
    }
    try {
      return read(in.limit(body));
    } catch (IllegalArgumentException
        | ArithmeticException
        | BufferUnderflowException
        | IndexOutOfBoundsException e) {
      throw new StorageException("an item in " + where + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static IndexEntry read(ByteBuffer in) {
    String id = Text.read(in);
    Modality modality = new Modality(Text.read(in));
    String path = Text.read(in);
    String contentHash = Text.read(in);
    SpaceId space = new SpaceId(Text.read(in), Text.read(in));
    String text = Text.read(in);
    int bytes = Math.multiplyExact(in.getInt(), Float.BYTES);
    FloatBuffer components = in.slice(in.position(), bytes).asFloatBuffer();
    in.position(in.position() + bytes);
    Map<String, String> metadata = new TreeMap<>();
    for (int pairs = in.getInt(); pairs > 0; pairs--) {
      metadata.put(Text.read(in), Text.read(in));
    }
    Embedding embedding = Embedding.of(space, components);
    return new IndexEntry(id, modality, path, contentHash, embedding, text, metadata);
  }

  private static long size(List<Text> texts) {
    return texts.stream().mapToLong(text -> Integer.BYTES + text.bytes().remaining()).sum();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** One string on its way to bytes: the length as stored, and the bytes. */
  private record Text(int length, ByteBuffer bytes) {
    static Text of(String string) {
      try {
        ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(string));
        return new Text(utf8.remaining(), utf8);
      } catch (CharacterCodingException e) {
        ByteBuffer units = ByteBuffer.allocate(Character.BYTES * string.length());
        units.asCharBuffer().put(string);
        return new Text(~string.length(), units);
      }
    }

    void write(ByteBuffer out) {
      out.putInt(length).put(bytes.duplicate());
    }

    static String read(ByteBuffer in) {
      int length = in.getInt();
      int size = length >= 0 ? length : Character.BYTES * ~length;
      ByteBuffer bytes = in.slice(in.position(), size);
      in.position(in.position() + size);
      return length >= 0
          ? StandardCharsets.UTF_8.decode(bytes).toString()
          : bytes.asCharBuffer().toString();
    }
  }
}
