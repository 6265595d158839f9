package io.sensorium.importer;

import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.space.SpaceId;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Imports every checkpoint of a folder at build time, each into a package of its folder's name.
 *
 * <p>Arguments: the folder of checkpoints, the folder for packages, the packages' version, their
 * space as {@code name@version}, and their licence, which allows commercial use. Packages that
 * exist are replaced.
 */
public final class BatchImport {
  private static final int ARGUMENTS = 5;

  private BatchImport() {}

  /**
   * Runs the import.
   *
   * @throws IOException if a folder cannot be read or written
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length != ARGUMENTS) {
      throw new IllegalArgumentException(
          "arguments must be CHECKPOINTS PACKAGES VERSION SPACE@VERSION LICENCE; got "
              + List.of(arguments));
    }
    Path packages = Path.of(arguments[1]);
    String[] space = arguments[3].split("@", 2);
    if (space.length != 2) {
      throw new IllegalArgumentException("the space must be NAME@VERSION; got " + arguments[3]);
    }
    CheckpointImporter importer = CheckpointImporter.withoutRuntime();
    for (Path checkpoint : folders(Path.of(arguments[0]))) {
      String id = checkpoint.getFileName().toString();
      PackageFiles.deleteTree(packages.resolve(id));
      importer.importCheckpoint(
          checkpoint,
          packages.resolve(id),
          new ImportRequest(
              id,
              arguments[2],
              Optional.of(new SpaceId(space[0], space[1])),
              Optional.of(new ModelLicence(arguments[4], true))));
    }
  }

  private static List<Path> folders(Path parent) throws IOException {
    try (Stream<Path> children = Files.list(parent)) {
      List<Path> folders = children.filter(Files::isDirectory).sorted().toList();
      if (folders.isEmpty()) {
        throw new IOException("there is no checkpoint in " + parent);
      }
      return folders;
    }
  }
}
