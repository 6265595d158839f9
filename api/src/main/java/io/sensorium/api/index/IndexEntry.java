package io.sensorium.api.index;

import io.sensorium.api.Modality;
import io.sensorium.api.space.Embedding;
import java.util.Map;
import java.util.Objects;

/**
 * One remembered item. Immutable.
 *
 * @param id stable and unique, 1 to 1,024 characters; putting an id again replaces the item
 * @param modality what it is
 * @param path where the item was read, shown to people; may be empty
 * @param contentHash of the bytes that were embedded, to know what has changed; may be empty
 * @param embedding its place in a space
 * @param text what full-text search sees; may be empty
 * @param metadata filterable facts; keys of {@code [A-Za-z0-9._-]}
 */
public record IndexEntry(
    String id,
    Modality modality,
    String path,
    String contentHash,
    Embedding embedding,
    String text,
    Map<String, String> metadata) {
  public IndexEntry {
    if (id.isEmpty() || id.length() > 1024) {
      throw new IllegalArgumentException("an id needs 1 to 1,024 characters; got " + id.length());
    }
    Objects.requireNonNull(modality, "modality");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(contentHash, "contentHash");
    Objects.requireNonNull(embedding, "embedding");
    Objects.requireNonNull(text, "text");
    metadata = Map.copyOf(metadata);
    for (String key : metadata.keySet()) {
      if (!key.matches("[A-Za-z0-9._-]{1,128}")) {
        throw new IllegalArgumentException(
            "a metadata key must match [A-Za-z0-9._-]{1,128}; got '" + key + "'");
      }
    }
  }
}
