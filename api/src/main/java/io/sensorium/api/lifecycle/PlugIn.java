package io.sensorium.api.lifecycle;

import java.util.Locale;
import java.util.Objects;

/**
 * One generation of something that can be plugged in. Immutable.
 *
 * @param kind what it is
 * @param name a bundle's symbolic name, a package's id, or an encoder's {@code modality/model-id}
 * @param version its version
 * @param bundleId the bundle that it is or that brought it; 0 for none
 * @param generation tells apart what has the same name and version; grows with time, unique within
 *     its kind while the host runs
 */
public record PlugIn(Kind kind, String name, String version, long bundleId, long generation) {
  public PlugIn {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
  }

  /** What can be plugged in. */
  public enum Kind {
    /** Code. */
    BUNDLE,
    /** A model package. */
    MODEL,
    /** An encoder service paired with a graph of a package. */
    ENCODER
  }

  /** For instance {@code bundle org.example.motion 1.2.0}. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + name + " " + version;
  }
}
