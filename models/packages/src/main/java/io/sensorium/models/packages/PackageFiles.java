package io.sensorium.models.packages;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.StorageException;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelManifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of packages: hashing, checking, and unpacking untrusted ones.
 *
 * <p>Only what the manifest lists is ever written, under the path, length and hash it lists, so
 * that neither an archive nor a link decides where bytes go. Thread-safe.
 */
public final class PackageFiles {
  private static final int BUFFER_BYTES = 1 << 16;

  private PackageFiles() {}

  /**
   * Lists a folder's files for a new manifest, by path, without {@code model.json} itself.
   *
   * @throws ModelLoadException if it holds a symbolic link or a special file
   * @throws IOException if it cannot be read
   */
  public static List<ModelFile> hash(Path folder) throws IOException {
    return hash(folder, List.of());
  }

  /**
   * As {@link #hash(Path)}, for a folder to which files were added.
   *
   * @param unchanged files that were hashed before and are not read again
   * @throws ModelLoadException if it holds a symbolic link or a special file
   * @throws IOException if it cannot be read
   */
  public static List<ModelFile> hash(Path folder, List<ModelFile> unchanged) throws IOException {
    Map<String, ModelFile> known = new HashMap<>();
    unchanged.forEach(file -> known.put(file.path(), file));
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.filter(path -> !Files.isDirectory(path) || Files.isSymbolicLink(path)).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    List<ModelFile> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isSymbolicLink(path) || !Files.isRegularFile(path)) {
        throw new ModelLoadException("a package holds regular files only; got " + path);
      }
      String name = folder.relativize(path).toString().replace('\\', '/');
      if (known.containsKey(name)) {
        files.add(known.get(name));
      } else if (!name.equals(ModelManifestJson.FILE_NAME)) {
        try (InputStream in = Files.newInputStream(path)) {
          MessageDigest digest = sha256();
          long bytes = transfer(in, OutputStream.nullOutputStream(), digest, Long.MAX_VALUE);
          files.add(new ModelFile(name, bytes, hex(digest)));
        }
      }
    }
    files.sort(Comparator.comparing(ModelFile::path));
    return List.copyOf(files);
  }

  /**
   * Checks every listed file of a folder: there, regular, inside, of the exact length and hash.
   *
   * @throws ModelLoadException naming the first file that is not
   */
  public static void verify(Path folder, ModelManifest manifest) {
    FolderSource source = new FolderSource(folder);
    for (ModelFile file : manifest.files()) {
      copy(source, file, OutputStream.nullOutputStream());
    }
  }

  /**
   * Reads a source's manifest.
   *
   * @throws ModelLoadException if there is none or it is not valid
   */
  public static ModelManifest manifest(PackageSource source) {
    String document = source.name() + "/" + ModelManifestJson.FILE_NAME;
    try (InputStream in = source.open(ModelManifestJson.FILE_NAME)) {
      return ModelManifestJson.parse(document, in.readNBytes(ModelManifestJson.MAXIMUM_BYTES + 1));
    } catch (NoSuchFileException e) {
      throw new ModelLoadException("no such file: " + document, e);
    } catch (IOException e) {
      throw new ModelLoadException("cannot read " + document + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes a package into an empty folder, checking lengths and hashes on the way. What the source
   * lets be linked to is not copied where the file system can link.
   *
   * @return the manifest
   * @throws ModelLoadException if the package is damaged or over a limit
   * @throws StorageException if the folder cannot be written; what was written stays in it
   */
  public static ModelManifest unpack(PackageSource source, Path emptyFolder, PackageLimits limits) {
    ModelManifest manifest = manifest(source);
    checkLimits(source, manifest, limits);
    try {
      for (ModelFile file : manifest.files()) {
        Path target = emptyFolder.resolve(file.path());
        Files.createDirectories(target.getParent());
        if (linked(source, file, target)) {
          copy(new FolderSource(emptyFolder), file, OutputStream.nullOutputStream());
        } else {
          try (OutputStream out = Files.newOutputStream(target)) {
            copy(source, file, out);
          }
        }
      }
      ModelManifestJson.write(manifest, emptyFolder.resolve(ModelManifestJson.FILE_NAME));
      return manifest;
    } catch (IOException e) {
      throw new StorageException("cannot write " + emptyFolder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes a package to a folder that does not exist yet, whole or not at all.
   *
   * @param target its parent is created where missing
   * @return the manifest
   * @throws ModelLoadException if the package is damaged or over a limit
   * @throws StorageException if the target exists or cannot be written
   */
  public static ModelManifest install(PackageSource source, Path target, PackageLimits limits) {
    Path parent = target.toAbsolutePath().getParent();
    Path temporary = null;
    try {
      Files.createDirectories(parent);
      temporary = Files.createTempDirectory(parent, ".unpacking-");
      ModelManifest manifest = unpack(source, temporary, limits);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return manifest;
    } catch (IOException e) {
      throw new StorageException("cannot write " + target + ": " + e.getMessage(), e);
    } finally {
      deleteTree(temporary);
    }
  }

  /**
   * Deletes a folder and all it holds, without following links. Does nothing where there is none.
   *
   * @throws StorageException if something cannot be deleted
   */
  public static void deleteTree(Path folder) {
    if (folder == null || !Files.exists(folder)) {
      return;
    }
    try {
      Files.walkFileTree(folder, new Deleter());
    } catch (IOException e) {
      throw new StorageException("cannot delete " + folder + ": " + e.getMessage(), e);
    }
  }

  private static void checkLimits(
      PackageSource source, ModelManifest manifest, PackageLimits limits) {
    long total = 0;
    for (ModelFile file : manifest.files()) {
      total = Math.addExact(total, Math.min(file.bytes(), Long.MAX_VALUE - total));
    }
    if (manifest.files().size() > limits.maximumFiles() || total > limits.maximumBytes()) {
      throw new ModelLoadException(
          "a package must have at most %d files of %d bytes; %s declares %d of %d"
              .formatted(
                  limits.maximumFiles(),
                  limits.maximumBytes(),
                  source.name(),
                  manifest.files().size(),
                  total));
    }
  }

  /** The link is checked, not what it was made from: that may change in between. */
  private static boolean linked(PackageSource source, ModelFile file, Path target) {
    try {
      Optional<Path> original = source.linkable(file.path());
      if (original.isPresent()) {
        Files.createLink(target, original.get());
        return true;
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, or one without hard links; a missing file is reported by the copy.
      return false;
    }
    return false;
  }

  private static void copy(PackageSource source, ModelFile file, OutputStream out) {
    MessageDigest digest = sha256();
    try (InputStream in = source.open(file.path())) {
      long bytes = transfer(in, out, digest, file.bytes());
      if (bytes != file.bytes()) {
        String found = bytes < file.bytes() ? Long.toString(bytes) : "more";
        throw new ModelLoadException(
            "'%s' in %s must have %d bytes; got %s"
                .formatted(file.path(), source.name(), file.bytes(), found));
      }
    } catch (NoSuchFileException e) {
      throw new ModelLoadException(
          "'%s' is listed in the manifest but missing in %s".formatted(file.path(), source.name()),
          e);
    } catch (IOException e) {
      throw new ModelLoadException(
          "cannot copy '%s' from %s: %s".formatted(file.path(), source.name(), e.getMessage()), e);
    }
    String found = hex(digest);
    if (!found.equals(file.sha256())) {
      throw new ModelLoadException(
          "'%s' in %s must have the sha256 %s; got %s"
              .formatted(file.path(), source.name(), file.sha256(), found));
    }
  }

  /**
   * Copies at most one byte more than allowed, so that a longer file is noticed and not written.
   */
  private static long transfer(
      InputStream in, OutputStream out, MessageDigest digest, long maximumBytes)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      if (read > maximumBytes - total) {
        return Math.addExact(maximumBytes, 1);
      }
      out.write(buffer, 0, read);
      digest.update(buffer, 0, read);
      total += read;
    }
    return total;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static final class Deleter extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
