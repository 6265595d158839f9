package io.sensorium.models.hub;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A file of a repository at a commit.
 *
 * @param path relative to the repository, with {@code /}; never leaves it
 * @param bytes its length
 * @param blob its content's identity and its name in the cache: SHA-256 of a large file, git's
 *     SHA-1 of a small one, in lower-case hexadecimal
 */
public record HubFile(String path, long bytes, String blob) {
  private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final int MAX_PATH = 512;

  public HubFile {
    if (!isInside(path)) {
      throw new IllegalArgumentException(
          "a file's name must stay inside its repository; got '%s'".formatted(path));
    }
    if (bytes < 0) {
      throw new IllegalArgumentException("%s cannot have %d bytes".formatted(path, bytes));
    }
    if (!isSha1(blob) && !SHA256.matcher(blob).matches()) {
      throw new IllegalArgumentException(
          "%s needs a SHA-256 or git's SHA-1; got '%s'".formatted(path, blob));
    }
  }

  /** Answers whether the blob's name is a SHA-256 of the content alone. */
  public boolean isLarge() {
    return SHA256.matcher(blob).matches();
  }

  /** The last part of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The folder with a slash at its end; empty at the top. */
  public String folder() {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  static boolean isSha1(String text) {
    return SHA1.matcher(text).matches();
  }

  private static boolean isInside(String path) {
    return !path.isEmpty()
        && path.length() <= MAX_PATH
        && path.chars().noneMatch(c -> c < ' ' || c == '\\' || c == ':')
        && Arrays.stream(path.split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }
}
