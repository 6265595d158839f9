package io.sensorium.models.packages;

import io.sensorium.api.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A package in a zip archive: {@code model.json} at the top, or inside the archive's only folder.
 *
 * <p>The archive is untrusted. Entry names that are absolute or climb, too many entries and
 * suspicious ratios are refused when it is opened. Entries are only ever read as plain bytes: an
 * archived symbolic link stays a small file that says where it pointed.
 */
public final class ZipSource implements PackageSource {
  private static final long RATIO_FREE_BYTES = 1 << 20;

  private final Path file;
  private final ZipFile zip;
  private final String prefix;

  /**
   * Opens an archive.
   *
   * @throws ModelLoadException if it is missing, damaged, over a limit or not a package
   */
  public ZipSource(Path file, PackageLimits limits) {
    this.file = file;
    ZipFile opened = null;
    try {
      opened = new ZipFile(file.toFile());
      checkEntries(opened, limits);
      this.prefix = findPrefix(opened);
      this.zip = opened;
    } catch (IOException e) {
      closeQuietly(opened, e);
      String reason = e instanceof NoSuchFileException ? "no such file" : e.getMessage();
      throw new ModelLoadException("%s is not a readable zip: %s".formatted(file, reason), e);
    } catch (RuntimeException e) {
      closeQuietly(opened, e);
      throw e;
    }
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public InputStream open(String path) throws IOException {
    ZipEntry entry = zip.getEntry(prefix + path);
    if (entry == null || entry.isDirectory()) {
      throw new NoSuchFileException(path, null, "not in " + file);
    }
    return zip.getInputStream(entry);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private void checkEntries(ZipFile opened, PackageLimits limits) {
    if (opened.size() > limits.maximumFiles()) {
      throw new ModelLoadException(
          "%s must have at most %d entries; got %d"
              .formatted(file, limits.maximumFiles(), opened.size()));
    }
    long total = 0;
    Set<String> names = new HashSet<>();
    for (ZipEntry entry : Collections.list(opened.entries())) {
      String name = entry.getName();
      if (escapes(name) || !names.add(name)) {
        throw new ModelLoadException(
            "an archive's entries must be unique and stay inside; got '%s' in %s"
                .formatted(name, file));
      }
      long bytes = Math.max(0, entry.getSize());
      long archived = Math.max(1, entry.getCompressedSize());
      total += bytes;
      if (total > limits.maximumBytes() || total < 0) {
        throw new ModelLoadException(
            "%s must unpack to at most %d bytes; got more".formatted(file, limits.maximumBytes()));
      }
      if (bytes > RATIO_FREE_BYTES && bytes / archived > limits.maximumRatio()) {
        throw new ModelLoadException(
            "'%s' in %s must not unpack to more than %d times its archived size; got %d from %d bytes"
                .formatted(name, file, limits.maximumRatio(), bytes, archived));
      }
    }
  }

  private static boolean escapes(String name) {
    return name.startsWith("/")
        || name.contains("\\")
        || name.contains(":")
        || name.indexOf('\0') >= 0
        || List.of(name.split("/", -1)).contains("..");
  }

  private String findPrefix(ZipFile opened) {
    if (opened.getEntry(ModelManifestJson.FILE_NAME) != null) {
      return "";
    }
    List<String> tops =
        Collections.list(opened.entries()).stream()
            .map(entry -> entry.getName().substring(0, entry.getName().indexOf('/') + 1))
            .distinct()
            .toList();
    if (tops.size() == 1 && opened.getEntry(tops.get(0) + ModelManifestJson.FILE_NAME) != null) {
      return tops.get(0);
    }
    throw new ModelLoadException(
        "%s must have %s at the top or in its only folder"
            .formatted(file, ModelManifestJson.FILE_NAME));
  }

  private static void closeQuietly(ZipFile opened, Exception failure) {
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
