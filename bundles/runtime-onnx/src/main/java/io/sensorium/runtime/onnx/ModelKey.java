package io.sensorium.runtime.onnx;

import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelPackage;
import java.nio.file.Path;
import java.util.List;

/** What makes two packages the same model: manifests read twice are not equal by themselves. */
record ModelKey(String id, String version, Path folder, List<ModelFile> files) {
  static ModelKey of(ModelPackage model) {
    return new ModelKey(
        model.manifest().id(),
        model.manifest().version(),
        model.folder().toAbsolutePath().normalize(),
        model.manifest().files());
  }

  /** For instance {@code world-image 1}. */
  @Override
  public String toString() {
    return id + " " + version;
  }
}
