package io.sensorium.host.operations;

import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelImporter;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelPlan;
import io.sensorium.api.model.Precision;
import io.sensorium.api.model.Settings;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.operations.MemoryResults.Upgrade;
import io.sensorium.models.packages.ModelManifestJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says whether a package or checkpoint would fit beside the installed one of its name. */
final class UpgradePlanner {
  private static final String TASK = "planning";

  private final Sensorium sensorium;

  UpgradePlanner(Sensorium sensorium) {
    this.sensorium = sensorium;
  }

  /** For an installed model: whether it could be opened now. */
  Upgrade plan(ModelPackage installed) {
    return plan(installed, Optional.empty());
  }

  /**
   * For a folder.
   *
   * @throws io.sensorium.api.ModelLoadException if it is no package and no checkpoint
   */
  Upgrade plan(Path folder, Precision precision) {
    Path manifest = folder.resolve(ModelManifestJson.FILE_NAME);
    ModelPackage coming =
        Files.exists(manifest)
            ? new ModelPackage(ModelManifestJson.read(manifest), folder)
            : planned(folder, precision);
    return plan(coming, sensorium.models().find(coming.manifest().id()));
  }

  private Upgrade plan(ModelPackage coming, Optional<ModelPackage> going) {
    List<ModelGraph> outgoing = going.map(ModelPackage::graphs).orElse(List.of());
    return MemoryViews.upgrade(
        coming.manifest().id(),
        going.map(Object::toString),
        sensorium.service(MemoryLedger.class).plan(coming.graphs(), outgoing));
  }

  /** The package that a checkpoint would become, as far as memory is concerned. */
  private ModelPackage planned(Path folder, Precision precision) {
    ModelPlan plan = sensorium.service(ModelImporter.class).plan(folder, precision, 1);
    Settings none = Settings.of(TASK, Map.of());
    List<GraphManifest> graphs =
        plan.graphs().stream()
            .map(
                graph ->
                    new GraphManifest(
                            graph.name(),
                            Optional.empty(),
                            graph.name(),
                            List.of(),
                            List.of(),
                            none)
                        .with(graph.memory()))
            .toList();
    List<ModelFile> files =
        graphs.stream().map(graph -> new ModelFile(graph.file(), 0, "0".repeat(64))).toList();
    return new ModelPackage(
        new ModelManifest(
            folder.getFileName().toString(),
            "1",
            TASK,
            plan.architecture(),
            Optional.empty(),
            new ModelLicence("unknown", ModelLicence.CommercialUse.UNKNOWN),
            graphs,
            none,
            files),
        folder);
  }
}
