package io.sensorium.api.space;

import java.util.Comparator;
import java.util.List;

/**
 * Names one embedding space in one version. Only embeddings with equal ids may be compared.
 *
 * @param name 1 to 64 characters of {@code [a-z0-9._-]}, for instance {@code world}
 * @param version changes whenever vectors stop being comparable with older ones
 */
public record SpaceId(String name, String version) {
  /**
   * By name, then the older version first. Versions are compared run by run, digits as numbers:
   * {@code 1 < 1.2 < 1.10 < 2}. Consistent with equals but for zeros in front of numbers.
   */
  public static final Comparator<SpaceId> OLDEST_FIRST =
      Comparator.comparing(SpaceId::name).thenComparing(SpaceId::version, SpaceId::compareVersions);

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

  /** Answers whether this is a later version of the same space. */
  public boolean isNewerThan(SpaceId other) {
    return name.equals(other.name) && compareVersions(version, other.version) > 0;
  }

  private static int compareVersions(String one, String other) {
    List<String> a = runs(one);
    List<String> b = runs(other);
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = compareRuns(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static List<String> runs(String version) {
    return List.of(version.split("(?<=[0-9])(?=[^0-9])|(?<=[^0-9])(?=[0-9])", -1));
  }

  /** Numbers may be longer than a long holds. */
  private static int compareRuns(String one, String other) {
    if (!Character.isDigit(one.charAt(0)) || !Character.isDigit(other.charAt(0))) {
      return one.compareTo(other);
    }
    String a = one.replaceFirst("^0+(?=.)", "");
    String b = other.replaceFirst("^0+(?=.)", "");
    return a.length() == b.length() ? a.compareTo(b) : Integer.compare(a.length(), b.length());
  }

  /** For instance {@code world@1}. */
  @Override
  public String toString() {
    return name + "@" + version;
  }
}
