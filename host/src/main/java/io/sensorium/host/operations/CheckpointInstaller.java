package io.sensorium.host.operations;

import io.sensorium.api.StorageException;
import io.sensorium.api.model.ModelImporter;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.api.model.Precision;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.launch.Problems;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.models.checkpoints.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns a checkpoint into a package and installs that, by way of a folder that it deletes. */
final class CheckpointInstaller {
  private final Sensorium sensorium;

  CheckpointInstaller(Sensorium sensorium) {
    this.sensorium = sensorium;
  }

  ModelPackage install(Path checkpoint, ImportArguments arguments, InstallPolicy policy) {
    String id = arguments.id() == null ? checkpoint.getFileName().toString() : arguments.id();
    Optional<SpaceId> space =
        Optional.ofNullable(arguments.space()).map(CheckpointInstaller::space);
    try {
      // Beside the repository, so that weights can be linked instead of copied.
      Path work = Files.createTempDirectory(sensorium.options().home(), "import-");
      try {
        ModelPackage made =
            sensorium
                .service(ModelImporter.class)
                .importCheckpoint(
                    checkpoint, work.resolve("package"), request(id, space, arguments));
        return sensorium.models().install(made.folder(), policy.linking());
      } finally {
        delete(work);
      }
    } catch (IOException e) {
      throw new StorageException("cannot import into the home: " + Problems.line(e), e);
    }
  }

  private static ImportRequest request(
      String id, Optional<SpaceId> space, ImportArguments arguments) {
    Precision precision =
        Optional.ofNullable(arguments.precision()).map(Precision::parse).orElse(Precision.FLOAT32);
    double leastCosine =
        Optional.ofNullable(arguments.leastCosine()).orElse(ImportRequest.LEAST_COSINE);
    Optional<ModelLicence> licence =
        Optional.ofNullable(arguments.licence()).map(ModelCard::licenceNamed);
    return new ImportRequest(id, "1", space, licence, precision, leastCosine);
  }

  private static SpaceId space(String named) {
    int at = named.indexOf('@');
    return at < 0
        ? new SpaceId(named, "1")
        : new SpaceId(named.substring(0, at), named.substring(at + 1));
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
