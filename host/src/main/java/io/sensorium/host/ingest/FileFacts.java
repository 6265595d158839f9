package io.sensorium.host.ingest;

import io.sensorium.api.index.IndexEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * What the file system says of a file, before its content is read.
 *
 * @param path absolute
 * @param bytes its length
 * @param modified when its content last changed
 */
record FileFacts(Path path, long bytes, Instant modified) {
  /**
   * A file written within this time before it was read may have been written again without its time
   * stamp showing it; such a file is always read again.
   */
  private static final Duration TIMESTAMP_DOUBT = Duration.ofSeconds(2);

  static FileFacts of(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileFacts(path, attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  /** What people filter by, and what tells later whether the file has changed. */
  Map<String, String> metadata(String model) {
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String extension = dot > 0 ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
    return Map.of(
        "name", name,
        "folder", path.getParent().toString(),
        "extension", extension,
        "bytes", Long.toString(bytes),
        "modified", modified.toString(),
        "indexed", Instant.now().toString(),
        "model", model);
  }

  /** Whether size and time alone show that a stored entry is of this very file. */
  boolean isSurely(IndexEntry stored) {
    Map<String, String> facts = stored.metadata();
    try {
      return Long.toString(bytes).equals(facts.get("bytes"))
          && modified.toString().equals(facts.get("modified"))
          && facts.containsKey("indexed")
          && modified.plus(TIMESTAMP_DOUBT).isBefore(Instant.parse(facts.get("indexed")));
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** The words of the file's name, for full-text search. */
  String nameWords() {
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return (dot > 0 ? name.substring(0, dot) : name)
        .replaceAll("([\\p{Ll}\\d])(\\p{Lu})", "$1 $2")
        .replaceAll("[^\\p{L}\\p{N}]+", " ")
        .strip();
  }

  static String sha256(ByteBuffer content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(content);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
