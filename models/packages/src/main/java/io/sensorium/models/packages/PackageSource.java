package io.sensorium.models.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a package's files come from: a folder, an archive, a bundle. One thread at a time.
 *
 * <p>Paths are asked for as the manifest spells them and were validated; a source answers only from
 * inside its own package.
 */
public interface PackageSource extends AutoCloseable {
  /** What the source is called in messages. */
  String name();

  /**
   * Opens one file; the caller closes it.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws io.sensorium.api.ModelLoadException if the path leads out of the package
   * @throws IOException if it cannot be read
   */
  InputStream open(String path) throws IOException;

  /**
   * The file itself, where it may be linked to instead of being copied; by default it may not.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws io.sensorium.api.ModelLoadException if the path leads out of the package
   * @throws IOException if it cannot be read
   */
  default Optional<Path> linkable(String path) throws IOException {
    return Optional.empty();
  }

  @Override
  default void close() throws IOException {}
}
