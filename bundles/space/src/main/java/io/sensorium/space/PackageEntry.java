package io.sensorium.space;

import io.sensorium.api.model.ModelPackage;
import java.util.Map;

/**
 * An embedding package as it was registered. Immutable.
 *
 * @param serviceId the registration's number, growing with time
 * @param ranking the registration's ranking
 * @param model the package
 */
record PackageEntry(long serviceId, int ranking, ModelPackage model) {
  static PackageEntry of(ModelPackage model, Map<String, ?> properties) {
    return new PackageEntry(
        EncoderEntry.idOf(properties), EncoderEntry.rankingOf(properties), model);
  }

  /** Answers whether both stand for one session: manifests read twice are not equal. */
  boolean isSameModel(PackageEntry other) {
    return model.manifest().id().equals(other.model.manifest().id())
        && model.manifest().version().equals(other.model.manifest().version())
        && model.manifest().files().equals(other.model.manifest().files())
        && model
            .folder()
            .toAbsolutePath()
            .normalize()
            .equals(other.model.folder().toAbsolutePath().normalize());
  }

  Place place() {
    return new Place(
        model.manifest().modality().orElseThrow(), model.manifest().space().orElseThrow());
  }
}
