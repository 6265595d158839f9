package io.sensorium.models.hub;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A model on the hub at a revision, written {@code hf:org/name} or {@code hf:org/name@revision}.
 *
 * @param repository {@code org/name}, or a bare {@code name}
 * @param revision a branch, a tag or a commit of 40 hexadecimal digits
 */
public record HubReference(String repository, String revision) {
  /** What every reference begins with. */
  public static final String PREFIX = "hf:";

  /** The revision of a reference that names none. */
  public static final String DEFAULT_REVISION = "main";

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,95})");
  private static final Pattern REVISION =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._/+-]{0,199})");

  public HubReference {
    String[] parts = repository.split("/", -1);
    if (parts.length > 2
        || !Arrays.stream(parts).allMatch(part -> PART.matcher(part).matches())
        || repository.contains("..")
        || repository.contains("--")) {
      throw new IllegalArgumentException(
          "a model on the hub is ORG/NAME in letters, digits, '.', '_' and '-'; got '%s'"
              .formatted(repository));
    }
    if (!REVISION.matcher(revision).matches()
        || revision.contains("..")
        || revision.contains("//")
        || revision.endsWith("/")) {
      throw new IllegalArgumentException(
          "a revision is a branch, a tag or a commit; got '%s'".formatted(revision));
    }
  }

  /** Answers whether an argument is a reference rather than a path. */
  public static boolean isReference(String argument) {
    return argument.startsWith(PREFIX);
  }

  /**
   * Reads a reference.
   *
   * @throws IllegalArgumentException if it is not of the form {@code hf:ORG/NAME[@REVISION]}
   */
  public static HubReference parse(String text) {
    if (!isReference(text)) {
      throw new IllegalArgumentException("a reference begins with 'hf:'; got '" + text + "'");
    }
    String named = text.substring(PREFIX.length());
    int at = named.indexOf('@');
    return at < 0
        ? new HubReference(named, DEFAULT_REVISION)
        : new HubReference(named.substring(0, at), named.substring(at + 1));
  }

  /** The repository's last part: what an import is called unless the user says otherwise. */
  public String name() {
    return repository.substring(repository.indexOf('/') + 1);
  }

  /** Answers whether the revision is a commit, which never moves. */
  public boolean isCommit() {
    return HubFile.isSha1(revision);
  }

  @Override
  public String toString() {
    return PREFIX + repository + (revision.equals(DEFAULT_REVISION) ? "" : "@" + revision);
  }
}
