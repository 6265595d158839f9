package io.sensorium.models.packages;

import io.sensorium.api.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A package in a folder. Symbolic links are followed only as far as they stay inside. */
public final class FolderSource implements PackageSource {
  private final Path folder;
  private final boolean linkable;

  /**
   * @param folder an existing folder
   * @throws ModelLoadException if it is none
   */
  public FolderSource(Path folder) {
    this(folder, false);
  }

  /**
   * @param folder an existing folder
   * @param linkable whether its files stay as they are, so that they may be linked to
   * @throws ModelLoadException if there is no such folder
   */
  public FolderSource(Path folder, boolean linkable) {
    this.linkable = linkable;
    try {
      this.folder = folder.toRealPath();
    } catch (IOException e) {
      throw new ModelLoadException("no such package folder: " + folder, e);
    }
    if (!Files.isDirectory(this.folder)) {
      throw new ModelLoadException("a package folder is required; got " + folder);
    }
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public InputStream open(String path) throws IOException {
    return Files.newInputStream(resolve(path));
  }

  @Override
  public Optional<Path> linkable(String path) throws IOException {
    return linkable ? Optional.of(resolve(path)) : Optional.empty();
  }

  /** The real path of a file, which is regular and inside the folder. */
  Path resolve(String path) throws IOException {
    Path real = folder.resolve(path).toRealPath();
    if (!real.startsWith(folder)) {
      throw new ModelLoadException(
          "'%s' in %s is a link that leaves the package: %s".formatted(path, folder, real));
    }
    if (!Files.isRegularFile(real)) {
      throw new NoSuchFileException(real.toString(), null, "not a regular file");
    }
    return real;
  }
}
