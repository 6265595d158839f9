package io.sensorium.host.operations;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelImporter;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.api.model.Precision;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.Shape;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.launch.FileTree;
import io.sensorium.host.launch.Problems;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.models.checkpoints.ModelCard;
import io.sensorium.models.packages.JsonSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Turns a checkpoint into a package and installs that, by way of a folder that it deletes. */
final class CheckpointInstaller {
  private final Sensorium sensorium;

  CheckpointInstaller(Sensorium sensorium) {
    this.sensorium = sensorium;
  }

  ModelPackage install(Path checkpoint, ImportArguments arguments, InstallPolicy policy) {
    String id = arguments.id() == null ? checkpoint.getFileName().toString() : arguments.id();
    Optional<SpaceId> space = Optional.ofNullable(arguments.space()).map(named -> space(named, id));
    Optional<ModelPackage> replaced = sensorium.models().find(id);
    String version = replaced.map(CheckpointInstaller::nextVersion).orElse("1");
    try {
      // Beside the repository, so that weights can be linked instead of copied.
      Path work = Files.createTempDirectory(sensorium.options().home(), "import-");
      try {
        ModelPackage made =
            sensorium
                .service(ModelImporter.class)
                .importCheckpoint(
                    checkpoint,
                    work.resolve("package"),
                    based(request(id, version, space, arguments), checkpoint, arguments.base()));
        if (replaced.isPresent() && isSame(replaced.get(), made, arguments.space())) {
          return replaced.get();
        }
        requireDimension(made);
        return sensorium.models().install(made.folder(), policy.linking());
      } finally {
        FileTree.delete(work);
      }
    } catch (IOException e) {
      throw new StorageException("cannot import into the home: " + Problems.line(e), e);
    }
  }

  /** A new version has a space of its own, so that its vectors do not meet the old ones'. */
  private static String nextVersion(ModelPackage replaced) {
    return next(replaced.manifest().version());
  }

  private static String next(String version) {
    return version.matches("\\d{1,9}")
        ? Integer.toString(Integer.parseInt(version) + 1)
        : version + "-2";
  }

  private static boolean isSame(ModelPackage there, ModelPackage made, String space) {
    Optional<SpaceId> found = there.manifest().space();
    boolean sameSpace =
        space == null
            ? found.map(SpaceId::name).equals(made.manifest().space().map(SpaceId::name))
            : found
                .filter(own -> space.equals(own.name()) || space.equals(own.toString()))
                .isPresent();
    return sameSpace && there.manifest().files().equals(made.manifest().files());
  }

  /**
   * All encoders of a space make vectors of one length.
   *
   * @throws ModelLoadException if the package's are not those of encoders that are there already
   */
  private void requireDimension(ModelPackage made) {
    ModelManifest manifest = made.manifest();
    for (GraphManifest graph : manifest.graphs()) {
      long dimension =
          graph.isEncoder() ? graph.outputs().getFirst().shape().dimension(1) : Shape.DYNAMIC;
      for (EncoderStatus other : sensorium.encoders()) {
        boolean neighbour =
            manifest.space().equals(Optional.of(other.space()))
                && !other.model().equals(manifest.id());
        if (neighbour && dimension > 0 && other.dimension() > 0 && dimension != other.dimension()) {
          throw new ModelLoadException(
              "embeddings in space %s must have the %d components that %s gives; %s of %s gives %d"
                  .formatted(
                      other.space(),
                      other.dimension(),
                      other.model(),
                      graph.name(),
                      manifest.id(),
                      dimension));
        }
      }
    }
  }

  private static ImportRequest request(
      String id, String version, Optional<SpaceId> space, ImportArguments arguments) {
    Precision precision =
        Optional.ofNullable(arguments.precision()).map(Precision::parse).orElse(Precision.FLOAT32);
    double leastCosine =
        Optional.ofNullable(arguments.leastCosine()).orElse(ImportRequest.leastCosine(precision));
    Optional<ModelLicence> licence =
        Optional.ofNullable(arguments.licence()).map(ModelCard::licenceNamed);
    return new ImportRequest(id, version, space, licence, precision, leastCosine, Optional.empty());
  }

  /** With the model that an adapter is for: the one named, or whose name its configuration ends. */
  private ImportRequest based(ImportRequest request, Path checkpoint, String named) {
    Path configuration = checkpoint.resolve("adapter_config.json");
    if (named == null && !Files.isRegularFile(configuration)) {
      return request;
    }
    String base =
        named == null
            ? JsonSettings.read(configuration).text("base_model_name_or_path", "")
            : named;
    String id = base.substring(base.lastIndexOf('/') + 1);
    ModelPackage model =
        sensorium
            .models()
            .find(id)
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "an adapter needs the installed model that it is for; there is no '%s' (--base)"
                            .formatted(id)));
    return request.basedOn(model);
  }

  /**
   * The version of a space that a model goes to. Named without a version, it is the one in which
   * other models are, which this one joins; a model that is alone in its space would not understand
   * the vectors that are there, and takes the next version.
   */
  private SpaceId space(String named, String id) {
    int at = named.indexOf('@');
    if (at >= 0) {
      return new SpaceId(named.substring(0, at), named.substring(at + 1));
    }
    Optional<SpaceId> shared = newest(named, spacesOf(other -> !other.equals(id)));
    Optional<SpaceId> own =
        newest(
            named,
            Stream.concat(
                spacesOf(id::equals), sensorium.service(MediaIndex.class).spaces().stream()));
    return shared
        .or(() -> own.map(before -> new SpaceId(named, next(before.version()))))
        .orElseGet(() -> new SpaceId(named, "1"));
  }

  private Stream<SpaceId> spacesOf(Predicate<String> ids) {
    return sensorium.models().packages().stream()
        .map(ModelPackage::manifest)
        .filter(manifest -> ids.test(manifest.id()))
        .flatMap(manifest -> manifest.space().stream());
  }

  private static Optional<SpaceId> newest(String name, Stream<SpaceId> spaces) {
    return spaces.filter(space -> space.name().equals(name)).max(SpaceId.OLDEST_FIRST);
  }
}
