package io.sensorium.importer;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.StorageException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelImporter;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelPlan;
import io.sensorium.api.model.Precision;
import io.sensorium.api.model.Settings;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.space.SpaceId;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.graphs.GraphAuthor;
import io.sensorium.models.graphs.ModelPlanner;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Imports checkpoints of the families that {@link GraphAuthor} knows, and graphs of any modality
 * that declare themselves: {@code djl.json} for DJL, {@code onnx.json} for ONNX; also low-rank
 * adapters as peft saves them. Stateless.
 *
 * <p>{@code calibration.json} of the checkpoint becomes the manifest's calibration; what the
 * processor or the sentence transformer declares becomes its preprocessing. A recording {@code
 * golden.safetensors} travels along; where the checkpoint has none, one is made by running the
 * graph here, which guards against later drift but proves no parity. In a lower precision that is
 * the graph in float32: the package declares how far it is from it.
 */
@Component
public final class CheckpointImporter implements ModelImporter {
  private static final String FEATURES = "features";
  private static final int MAX_SPACE_NAME = 64;

  private final Optional<PackageRun> run;

  private CheckpointImporter(Optional<PackageRun> run) {
    this.run = run;
  }

  /** An importer that records what a checkpoint does not bring. */
  @Activate
  public CheckpointImporter(@Reference InferenceRuntime runtime) {
    this(Optional.of(new PackageRun(runtime)));
  }

  /** An importer for checkpoints that bring their own recording, which runs nothing. */
  static CheckpointImporter withoutRuntime() {
    return new CheckpointImporter(Optional.empty());
  }

  @Override
  public SortedSet<String> architectures() {
    return GraphAuthor.families();
  }

  @Override
  public ModelPackage importCheckpoint(Path checkpoint, Path target, ImportRequest request) {
    Path parent = target.toAbsolutePath().getParent();
    Path temporary = null;
    try (CheckpointFolder folder = CheckpointFolder.open(checkpoint)) {
      if (Files.exists(target)) {
        throw new StorageException("the package's folder must not exist yet; got " + target);
      }
      PackageContents contents =
          LowRankFolder.isIn(folder)
              ? LowRankFolder.read(folder, request)
              : PackageContents.of(folder, request.precision());
      Files.createDirectories(parent);
      temporary = Files.createTempDirectory(parent, ".importing-");
      contents.placement().writeTo(temporary);
      ModelManifest manifest = checked(folder, contents, temporary, request);
      ModelManifestJson.write(manifest, temporary.resolve(ModelManifestJson.FILE_NAME));
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return new ModelPackage(manifest, target);
    } catch (IOException e) {
      throw new StorageException("cannot write %s: %s".formatted(target, e), e);
    } finally {
      PackageFiles.deleteTree(temporary);
    }
  }

  @Override
  public ModelPlan plan(Path folder, Precision precision, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch must have at least 1 item; got " + batch);
    }
    Path manifest = folder.resolve(ModelManifestJson.FILE_NAME);
    if (Files.isRegularFile(manifest)) {
      return PackagePlan.of(ModelManifestJson.read(manifest), folder, batch);
    }
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      return ModelPlanner.plan(checkpoint, precision, batch);
    }
  }

  /** Runs the package if anything is to be learnt by that, and describes it. */
  private ModelManifest checked(
      CheckpointFolder checkpoint, PackageContents contents, Path folder, ImportRequest request)
      throws IOException {
    ModelManifest manifest =
        manifest(checkpoint, contents, PackageFiles.hash(folder), request, OptionalDouble.empty());
    if (contents.graphs().isEmpty()) {
      return manifest;
    }
    Optional<Path> brought = checkpoint.file(GoldenRecorder.FILE_NAME);
    ModelPackage made = new ModelPackage(manifest, folder);
    RandomInputs random = new RandomInputs(vocabulary(checkpoint));
    OptionalDouble tolerance = OptionalDouble.empty();
    if (request.precision() != Precision.FLOAT32) {
      tolerance = OptionalDouble.of(parity(checkpoint, made, request, random, brought));
    } else if (run.isPresent() && brought.isEmpty()) {
      new GoldenRecorder(run.get()).record(made, random, folder);
    } else {
      return manifest;
    }
    List<ModelFile> files = PackageFiles.hash(folder, manifest.files());
    return manifest(checkpoint, contents, files, request, tolerance);
  }

  /** Compares with the checkpoint as it is, in a folder that is deleted again. */
  private double parity(
      CheckpointFolder checkpoint,
      ModelPackage candidate,
      ImportRequest request,
      RandomInputs random,
      Optional<Path> brought)
      throws IOException {
    PackageRun runs =
        run.orElseThrow(
            () ->
                new ModelLoadException(
                    "%s must be run to be imported in %s, and there is no runtime"
                        .formatted(checkpoint.path(), request.precision().label())));
    Path folder = Files.createTempDirectory(candidate.folder().getParent(), ".comparing-");
    try {
      PackageContents contents = PackageContents.of(checkpoint, Precision.FLOAT32);
      contents.placement().writeTo(folder);
      ModelManifest manifest =
          manifest(
              checkpoint, contents, PackageFiles.hash(folder), request, OptionalDouble.empty());
      return new ParityGate(runs)
          .check(new ModelPackage(manifest, folder), candidate, request, random, brought);
    } finally {
      PackageFiles.deleteTree(folder);
    }
  }

  private static ModelManifest manifest(
      CheckpointFolder checkpoint,
      PackageContents contents,
      List<ModelFile> files,
      ImportRequest request,
      OptionalDouble tolerance) {
    boolean embeds = contents.graphs().stream().anyMatch(GraphManifest::isEncoder);
    try {
      return new ModelManifest(
          request.id(),
          request.version(),
          task(contents),
          contents.architecture(),
          embeds ? request.space().or(() -> Optional.of(ownSpace(request))) : Optional.empty(),
          request.licence().orElse(contents.licence()),
          contents.graphs(),
          calibration(checkpoint, contents, tolerance),
          files);
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException(
          "%s cannot be described: %s".formatted(checkpoint.path(), e.getMessage()), e);
    }
  }

  private static String task(PackageContents contents) {
    if (contents.architecture().equals(LowRankFolder.ARCHITECTURE)) {
      return ModelManifest.LORA;
    }
    if (contents.graphs().stream().anyMatch(GraphManifest::isEncoder)) {
      return ModelManifest.EMBEDDING;
    }
    if (gives(contents, "logits")) {
      return ModelManifest.GENERATION;
    }
    return gives(contents, "media_embeds") || gives(contents, "layer_additions")
        ? ModelManifest.PROJECTION
        : FEATURES;
  }

  private static boolean gives(PackageContents contents, String name) {
    return contents.graphs().stream()
        .flatMap(graph -> graph.outputs().stream())
        .anyMatch(output -> output.name().equals(name));
  }

  private static SpaceId ownSpace(ImportRequest request) {
    String name = request.id().toLowerCase(Locale.ROOT);
    return new SpaceId(
        name.substring(0, Math.min(name.length(), MAX_SPACE_NAME)), request.version());
  }

  private static Settings calibration(
      CheckpointFolder checkpoint, PackageContents contents, OptionalDouble tolerance) {
    Map<String, Object> calibration = new LinkedHashMap<>(contents.calibration());
    checkpoint
        .settings("calibration.json")
        .ifPresent(settings -> calibration.putAll(settings.asMap()));
    if (tolerance.isPresent()) {
      calibration.put(PackageContents.TOLERANCE, tolerance.getAsDouble());
    }
    return Settings.of("calibration", calibration);
  }

  private static int vocabulary(CheckpointFolder checkpoint) {
    return checkpoint
        .settings(CheckpointFiles.transformerFile(checkpoint, "config.json"))
        .map(config -> config.integer("vocab_size", RandomInputs.LEAST_VOCABULARY))
        .orElse(RandomInputs.LEAST_VOCABULARY);
  }
}
