package io.sensorium.api.model;

import io.sensorium.api.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A package unpacked on disk. Immutable; the folder is not changed while the package is installed.
 *
 * @param manifest what it declares
 * @param folder where its files are
 */
public record ModelPackage(ModelManifest manifest, Path folder) {
  /**
   * The property of the service that says when the user installed the package, a {@code Long} of
   * milliseconds since 1970; there is none if a bundle brought it.
   */
  public static final String USER_SINCE = "user.since";

  public ModelPackage {
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(folder, "folder");
  }

  /**
   * The path of one of the declared files.
   *
   * @throws ModelLoadException if the manifest does not list it or it is not there
   */
  public Path file(String path) {
    boolean declared = manifest.files().stream().anyMatch(file -> file.path().equals(path));
    Path resolved = folder.resolve(path);
    if (!declared || !Files.isRegularFile(resolved)) {
      throw new ModelLoadException("model %s has no file '%s'".formatted(manifest.id(), path));
    }
    return resolved;
  }

  /** What runs, in the manifest's order. */
  public List<ModelGraph> graphs() {
    return manifest.graphs().stream().map(graph -> new ModelGraph(this, graph)).toList();
  }

  /** For instance {@code world-image 1}. */
  @Override
  public String toString() {
    return manifest.id() + " " + manifest.version();
  }
}
