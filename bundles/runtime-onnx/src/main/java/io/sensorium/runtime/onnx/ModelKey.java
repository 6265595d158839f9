package io.sensorium.runtime.onnx;

import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelPackage;
import java.nio.file.Path;
import java.util.List;

/** What makes two graphs the same: manifests read twice are not equal by themselves. */
record ModelKey(
    String id,
    String version,
    Path folder,
    List<ModelFile> files,
    String runtime,
    String graph,
    String name) {
  static ModelKey of(ModelGraph graph) {
    ModelPackage model = graph.model();
    return new ModelKey(
        model.manifest().id(),
        model.manifest().version(),
        model.folder().toAbsolutePath().normalize(),
        model.manifest().files(),
        graph.manifest().runtime(),
        graph.manifest().name(),
        graph.toString());
  }

  /** For instance {@code clip-b32 1 (vision)}. */
  @Override
  public String toString() {
    return name;
  }
}
