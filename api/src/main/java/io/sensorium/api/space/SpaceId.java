package io.sensorium.api.space;

/**
 * Names one embedding space in one version. Only embeddings with equal ids may be compared.
 *
 * @param name 1 to 64 characters of {@code [a-z0-9._-]}, for instance {@code world}
 * @param version changes whenever vectors stop being comparable with older ones
 */
public record SpaceId(String name, String version) {
  public SpaceId {
    if (!name.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "a space's name must match [a-z0-9][a-z0-9._-]{0,63}; got '" + name + "'");
    }
    if (!version.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "a space's version must match [A-Za-z0-9][A-Za-z0-9._-]{0,63}; got '" + version + "'");
    }
  }

  /** For instance {@code world@1}. */
  @Override
  public String toString() {
    return name + "@" + version;
  }
}
