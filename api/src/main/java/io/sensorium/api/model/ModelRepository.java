package io.sensorium.api.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps the installed packages. Thread-safe; changes of one id are linearizable.
 *
 * <p>A package is installed whole or not at all: its files are checked against the manifest's
 * hashes and its golden vectors are run before it becomes visible.
 */
@ProviderType
public interface ModelRepository {
  /**
   * Every package in service, by id; of an id whose space changes, both versions, the newer last.
   */
  List<ModelPackage> packages();

  /**
   * Completes when every package that is on its way at the time of this call, for instance inside a
   * bundle that has just started, was either taken into service or left out.
   */
  CompletableFuture<Void> settled();

  /**
   * The packages that were refused last and have not come in since, the newest first; at most a
   * hundred.
   */
  List<RefusedModel> refused();

  /** The package of that id in the newest version of its space. */
  Optional<ModelPackage> find(String id);

  /**
   * Installs a folder or zip, replacing an older version of the same id once the new one passed. A
   * package in another version of its space replaces nothing: both serve until {@link #retire}, and
   * the newest is the one that {@link #find} answers.
   *
   * @return the package as installed
   * @throws io.sensorium.api.ModelLoadException if it is damaged, refused or fails its self-test;
   *     nothing is installed and what was there stays
   */
  ModelPackage install(Path folderOrZip, InstallPolicy policy);

  /**
   * Removes a package, with the versions of it that serve older versions of its space. Encoders
   * that use it drain first.
   *
   * @return whether there was one
   */
  boolean remove(String id);

  /**
   * Removes one version of a package whose space has a newer version in service. Encoders that use
   * it drain first. If a bundle carries it, it comes back with the bundle only when that newer
   * version of the space has gone.
   *
   * @return whether it was in service, and its space has a newer version in service
   */
  boolean retire(String id, String version);

  /**
   * Runs a package against its own golden vectors, or against a recording from outside. Of a
   * low-rank adapter, which gives no outputs by itself, the files are checked.
   *
   * @param golden a safetensors file with {@code input.<name>} and {@code output.<name>} tensors
   * @throws io.sensorium.api.ModelLoadException if there is no such model or recording, or a
   *     low-rank adapter's files are not whole
   */
  VerificationReport verify(String id, Optional<Path> golden);

  /**
   * What the user allows.
   *
   * @param acceptNonCommercial whether packages whose licence forbids commercial use may come in
   * @param linkFiles whether a folder's files, which then must not be written to any more, are
   *     linked to instead of copied where the file system can
   */
  record InstallPolicy(boolean acceptNonCommercial, boolean linkFiles) {
    /** Copies, and refuses what is known to be not free for commercial use. */
    public static final InstallPolicy DEFAULT = new InstallPolicy(false);

    /** Copies. */
    public InstallPolicy(boolean acceptNonCommercial) {
      this(acceptNonCommercial, false);
    }

    /** The same, for a folder whose files nobody changes. */
    public InstallPolicy linking() {
      return new InstallPolicy(acceptNonCommercial, true);
    }
  }
}
