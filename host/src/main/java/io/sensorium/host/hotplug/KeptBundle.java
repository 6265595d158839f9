package io.sensorium.host.hotplug;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;

/**
 * What the home says of one bundle that was added: its committed generation. Immutable.
 *
 * @param name the symbolic name
 * @param version the bundle's version
 * @param file the jar's name beside the record
 * @param sha256 of the jar's bytes, 64 lower-case hexadecimal digits
 * @param source the file in the deploy folder that its name came from; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeptBundle(String name, String version, String file, String sha256, Source source) {
  KeptBundle {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    if (file == null || !file.matches("[A-Za-z0-9._-]+\\.jar") || file.startsWith(".")) {
      throw new IllegalArgumentException(
          "the record of %s needs the name of a jar beside it; got '%s'".formatted(name, file));
    }
    if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "the record of %s needs the jar's sha-256; got '%s'".formatted(name, sha256));
    }
  }

  /**
   * A file in the deploy folder.
   *
   * @param name of the file
   * @param sha256 of its bytes when it was last taken in
   */
  record Source(String name, String sha256) {}

  /** The same, come from a file in the deploy folder. */
  KeptBundle from(Source deployed) {
    return new KeptBundle(name, version, file, sha256, deployed);
  }

  /** Whether the bundle's name came from that file in the deploy folder. */
  boolean isFrom(String fileName) {
    return source != null && source.name().equals(fileName);
  }
}
