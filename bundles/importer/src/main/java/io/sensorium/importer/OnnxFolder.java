package io.sensorium.importer;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.Precision;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An ONNX graph of any modality, as it is: {@code onnx.json} says which file it is, what it reads
 * and gives, and how items become its inputs.
 */
final class OnnxFolder {
  private static final String DECLARATION = "onnx.json";
  private static final String GRAPH = "model.onnx";

  /** What the recording's preprocessing was recorded from. */
  private static final String MEDIA = "media";

  private OnnxFolder() {}

  /** Answers whether a folder declares its graph. */
  static boolean isIn(CheckpointFolder checkpoint) {
    return checkpoint.file(DECLARATION).isPresent();
  }

  /**
   * Reads what the folder declares.
   *
   * @throws ModelLoadException if something is missing or malformed
   */
  static PackageContents read(CheckpointFolder checkpoint, Precision precision) {
    if (precision != Precision.FLOAT32) {
      throw new ModelLoadException(
          "a graph with an %s is imported as it is; the precision must be %s, got %s (%s)"
              .formatted(
                  DECLARATION, Precision.FLOAT32.label(), precision.label(), checkpoint.path()));
    }
    Settings declared = checkpoint.settings(DECLARATION).orElseThrow();
    String file = declared.text("model", GRAPH);
    checkpoint.requireFile(file);
    List<String> weights = DeclaredGraph.texts(declared, DECLARATION, "weights");
    return new PackageContents(
        declared.text("architecture", GraphManifest.ONNX),
        ModelCard.licence(checkpoint),
        List.of(
            new DeclaredGraph(checkpoint, DECLARATION, declared)
                .manifest(GraphManifest.ONNX, file)),
        Map.of(),
        folder -> place(checkpoint, file, weights, folder));
  }

  private static void place(
      CheckpointFolder checkpoint, String graph, List<String> weights, Path folder)
      throws IOException {
    CheckpointFiles.placePublished(checkpoint, folder);
    CheckpointFiles.link(checkpoint.requireFile(graph), folder.resolve(graph));
    for (String file : weights) {
      CheckpointFiles.link(checkpoint.requireFile(file), folder.resolve(file));
    }
    if (Files.isDirectory(checkpoint.path().resolve(MEDIA))) {
      for (String file : CheckpointFiles.under(checkpoint, MEDIA)) {
        CheckpointFiles.link(checkpoint.requireFile(file), folder.resolve(file));
      }
    }
  }
}
