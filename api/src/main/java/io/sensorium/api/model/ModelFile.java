package io.sensorium.api.model;

/**
 * One file of a package.
 *
 * @param path relative to the package's folder, with {@code /}, never leaving it
 * @param bytes the exact length
 * @param sha256 64 lower-case hexadecimal digits
 */
public record ModelFile(String path, long bytes, String sha256) {
  public ModelFile {
    boolean escapes =
        path.isEmpty()
            || path.startsWith("/")
            || path.contains("\\")
            || path.contains(":")
            || java.util.List.of(path.split("/", -1)).stream()
                .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (escapes) {
      throw new IllegalArgumentException(
          "a package file's path must stay inside the package; got '" + path + "'");
    }
    if (bytes < 0) {
      throw new IllegalArgumentException("a file's length must be >= 0; got " + bytes);
    }
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("sha256 must be 64 hex digits; got '" + sha256 + "'");
    }
  }
}
