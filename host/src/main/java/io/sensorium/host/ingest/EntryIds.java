package io.sensorium.host.ingest;

import io.sensorium.api.space.SpaceId;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * How files and entries of the index belong together: an entry's id is the file's absolute path,
 * with the space's name before it where that is not the host's default. Immutable.
 *
 * @param prefix what stands before the path
 */
public record EntryIds(String prefix) {
  /** No path and no space's name has this sign where a prefix ends. */
  private static final String END = "|";

  public static EntryIds of(String space, String defaultSpace) {
    return new EntryIds(space.equals(defaultSpace) ? "" : space + END);
  }

  /**
   * The ids of every space that has items.
   *
   * @param populated where items live
   */
  static List<EntryIds> ofAll(Collection<SpaceId> populated) {
    return Stream.concat(Stream.of(""), populated.stream().map(space -> space.name() + END))
        .distinct()
        .map(EntryIds::new)
        .toList();
  }

  String of(Path file) {
    return prefix + file;
  }

  /** What the ids of all files below a folder begin with. */
  String below(Path folder) {
    String separator = folder.getFileSystem().getSeparator();
    String path = folder.toString();
    return prefix + (path.endsWith(separator) ? path : path + separator);
  }

  Path file(String id) {
    return Path.of(id.substring(prefix.length()));
  }
}
