package io.sensorium.testkit;

import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.nio.file.Path;

/** Model packages as they lie in a source tree. */
public final class PackageFolder {
  private PackageFolder() {}

  /**
   * Reads a package and checks every file against its hash.
   *
   * @throws io.sensorium.api.ModelLoadException naming what is missing or damaged
   */
  public static ModelPackage read(Path folder) {
    ModelManifest manifest = ModelManifestJson.read(folder.resolve(ModelManifestJson.FILE_NAME));
    PackageFiles.verify(folder, manifest);
    return new ModelPackage(manifest, folder);
  }
}
