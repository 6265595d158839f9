package io.sensorium.importer;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPlan;
import io.sensorium.api.model.ModelPlan.GraphPlan;
import io.sensorium.api.model.Settings;
import io.sensorium.models.graphs.ModelPlanner;
import io.sensorium.models.packages.JsonSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Plans a package from what its manifest says. Stateless. */
final class PackagePlan {
  private static final String CONFIG = "config.json";

  private PackagePlan() {}

  static ModelPlan of(ModelManifest manifest, Path folder, int batch) {
    List<GraphPlan> graphs =
        manifest.graphs().stream()
            .map(graph -> new GraphPlan(graph.name(), memory(manifest, graph)))
            .toList();
    long parameters = graphs.stream().mapToLong(graph -> graph.memory().parameters()).sum();
    long working =
        graphs.stream().mapToLong(graph -> graph.memory().workingBytes()).max().orElse(0);
    return ModelPlanner.plan(
        manifest.architecture(), config(folder), parameters, batch, working, graphs);
  }

  private static GraphMemory memory(ModelManifest manifest, GraphManifest graph) {
    return graph
        .memory()
        .orElseThrow(
            () ->
                new ModelLoadException(
                    "model %s does not say what memory its graph '%s' takes; import its checkpoint again"
                        .formatted(manifest.id(), graph.name())));
  }

  private static Settings config(Path folder) {
    Path file = folder.resolve(CONFIG);
    return Files.isRegularFile(file)
        ? JsonSettings.read(file)
        : Settings.of(file.toString(), Map.of());
  }
}
