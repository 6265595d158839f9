package io.sensorium.host.launch;

import io.sensorium.host.api.HostStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** Where things lie in a home. Immutable. */
public record HomeFolder(Path root) {

  /** Makes the folders that a host needs. */
  public void create() {
    try {
      if (!Files.isDirectory(root)) {
        Files.createDirectories(root);
        keepToOwner();
      }
      Files.createDirectories(added());
      Files.createDirectories(deploy());
    } catch (IOException e) {
      throw new HostStartException(
          "a writable home folder is required; cannot make %s: %s".formatted(root, reason(e)), e);
    }
  }

  /**
   * What was indexed says much about its owner; a home that somebody made keeps its permissions.
   */
  private void keepToOwner() throws IOException {
    if (Files.getFileStore(root).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
  }

  /** Locked by the one host that holds the home. */
  public Path lockFile() {
    return root.resolve("host.lock");
  }

  /** The socket of a host that serves. */
  public Path socket() {
    return root.resolve("host.sock");
  }

  /** Bundles dropped here are installed while the host runs. */
  public Path deploy() {
    return root.resolve("deploy");
  }

  /** What the re-embedding remembers between starts. */
  public Path reembedding() {
    return root.resolve("reembedding");
  }

  Path frameworkCache() {
    return root.resolve("bundles").resolve("cache");
  }

  Path fingerprint() {
    return root.resolve("bundles").resolve("fingerprint");
  }

  Path carriedCopies() {
    return root.resolve("bundles").resolve("carried");
  }

  /** Jars that were added while a host ran, and the records that say which ones count. */
  public Path added() {
    return root.resolve("bundles").resolve("added");
  }

  /** Added jars that were found damaged. */
  public Path damaged() {
    return root.resolve("bundles").resolve("damaged");
  }

  /** What says who is trusted, if it is there. */
  public Path trust() {
    return root.resolve("trust");
  }

  Path temporary() {
    return root.resolve("bundles").resolve("tmp");
  }
}
