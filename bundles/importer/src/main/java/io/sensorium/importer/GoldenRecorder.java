package io.sensorium.importer;

import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Records what a package computes from seeded random inputs. Thread-safe. */
final class GoldenRecorder {
  static final String FILE_NAME = "golden.safetensors";

  private final PackageRun run;

  GoldenRecorder(PackageRun run) {
    this.run = run;
  }

  /** Runs every graph once and writes {@code golden.safetensors} into a folder. */
  void record(ModelPackage model, RandomInputs random, Path folder) {
    write(
        model,
        run.outputs(model, (graph, input) -> random.of(input)),
        random,
        folder.resolve(FILE_NAME));
  }

  /** What a decoder keeps for later runs; its logits say whether it is right. */
  static boolean isCache(String output) {
    return output.startsWith("present.");
  }

  /**
   * Writes outputs of random inputs; names that several graphs give are left out, and so is what
   * decoders remember.
   */
  static void write(
      ModelPackage model,
      Map<String, Map<String, Tensor>> outputs,
      RandomInputs random,
      Path file) {
    Map<String, Tensor> golden = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (GraphManifest graph : model.manifest().graphs()) {
      for (TensorSpec input : graph.inputs()) {
        golden.computeIfAbsent("input." + input.name(), key -> random.of(input));
      }
      outputs
          .get(graph.name())
          .forEach(
              (name, tensor) -> {
                if (isCache(name)) {
                  return;
                }
                if (seen.add(name)) {
                  golden.put("output." + name, tensor);
                } else {
                  golden.remove("output." + name);
                }
              });
    }
    SafetensorsWriter.writeTensors(file, golden, Map.of("seed", Long.toString(RandomInputs.SEED)));
  }
}
