package io.sensorium.api.model;

import java.nio.file.Path;
import java.util.Objects;

/**
 * One graph of a package: what a session runs. Immutable.
 *
 * @param model the package
 * @param manifest which of its graphs
 */
public record ModelGraph(ModelPackage model, GraphManifest manifest) {
  public ModelGraph {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(manifest, "manifest");
  }

  /**
   * The path of the graph's file.
   *
   * @throws io.sensorium.api.ModelLoadException if it is not there
   */
  public Path path() {
    return model.file(manifest.file());
  }

  /** For instance {@code world-image 1}, or {@code clip-b32 1 (vision)} where there are several. */
  @Override
  public String toString() {
    return model.manifest().graphs().size() == 1
        ? model.toString()
        : "%s (%s)".formatted(model, manifest.name());
  }
}
