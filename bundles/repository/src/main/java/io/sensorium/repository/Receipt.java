package io.sensorium.repository;

import io.sensorium.api.StorageException;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.models.packages.ModelManifestJson;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Remembers that a package's files were hashed and its golden vectors passed.
 *
 * @param origin who brought it: {@link #USER}, or a bundle's symbolic name behind {@code bundle:}
 * @param acceptedNonCommercial whether the user allowed non-commercial licences for it
 * @param fingerprint lengths and modification times of its files when they were checked
 */
record Receipt(String origin, boolean acceptedNonCommercial, List<String> fingerprint) {
  static final String USER = "user";

  private static final String FORMAT = "sensorium-receipt 1";
  private static final int HEADER_LINES = 3;

  Receipt {
    fingerprint = List.copyOf(fingerprint);
  }

  /** A receipt for files as they are now. */
  static Receipt of(Path folder, ModelManifest manifest, boolean accepted, String origin) {
    try {
      return new Receipt(origin, accepted, fingerprintOf(folder, manifest));
    } catch (IOException e) {
      throw new StorageException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Looks at the files as they are now, without reading them. */
  private static List<String> fingerprintOf(Path folder, ModelManifest manifest)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(line(folder, ModelManifestJson.FILE_NAME));
    for (ModelFile file : manifest.files()) {
      lines.add(line(folder, file.path()));
    }
    return List.copyOf(lines);
  }

  private static String line(Path folder, String path) throws IOException {
    BasicFileAttributes found =
        Files.readAttributes(folder.resolve(path), BasicFileAttributes.class);
    return found.size() + " " + found.lastModifiedTime() + " " + path;
  }

  /** Answers whether the files are still those that were checked. */
  boolean fits(Path folder, ModelManifest manifest) {
    try {
      return fingerprint.equals(fingerprintOf(folder, manifest));
    } catch (IOException e) {
      return false;
    }
  }

  /** The receipt in a file; empty if there is none or it is of another format. */
  static Optional<Receipt> read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException | MalformedInputException e) {
      return Optional.empty();
    }
    if (lines.size() <= HEADER_LINES || !lines.get(0).equals(FORMAT)) {
      return Optional.empty();
    }
    return Optional.of(
        new Receipt(
            lines.get(1),
            Boolean.parseBoolean(lines.get(2)),
            lines.subList(HEADER_LINES, lines.size())));
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    List<String> lines = new ArrayList<>();
    lines.add(FORMAT);
    lines.add(origin);
    lines.add(Boolean.toString(acceptedNonCommercial));
    lines.addAll(fingerprint);
    Files.write(file, lines);
  }
}
