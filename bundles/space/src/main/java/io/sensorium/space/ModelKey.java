package io.sensorium.space;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.space.SpaceId;
import io.sensorium.models.packages.ModelManifestJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A package as bundles and the repository both know it. Immutable. */
record ModelKey(String id, String version, Optional<SpaceId> space) {
  private static final Logger LOG = LoggerFactory.getLogger(ModelKey.class);
  private static final String PACKAGES = "Sensorium-Model-Packages";

  static ModelKey of(ModelManifest manifest) {
    return new ModelKey(manifest.id(), manifest.version(), manifest.space());
  }

  /** Answers whether both are of one package in one space, though perhaps of two versions. */
  boolean isRivalOf(ModelKey other) {
    return id.equals(other.id) && space.equals(other.space);
  }

  /** Answers whether one came after the other in a newer version of the space, or before. */
  boolean isRelatedTo(ModelKey other) {
    return id.equals(other.id) && !space.equals(other.space);
  }

  /** The packages that a bundle carries; the repository tells of those that cannot be read. */
  static Set<ModelKey> carriedBy(Bundle bundle) {
    Set<ModelKey> carried = new HashSet<>();
    String header = bundle.getHeaders("").get(PACKAGES);
    if (header == null) {
      return carried;
    }
    for (String folder : header.split(",", -1)) {
      String path = folder.strip().replaceAll("^/+|/+$", "") + "/" + ModelManifestJson.FILE_NAME;
      URL entry = bundle.getEntry(path);
      if (entry != null) {
        try (InputStream in = entry.openStream()) {
          byte[] json = in.readNBytes(ModelManifestJson.MAXIMUM_BYTES + 1);
          carried.add(of(ModelManifestJson.parse(path, json)));
        } catch (IOException | SensoriumException e) {
          LOG.debug("{} of {} is no package", path, bundle, e);
        }
      }
    }
    return carried;
  }
}
