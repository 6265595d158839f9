package io.sensorium.encoder.text;

import io.sensorium.api.Modality;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Text packages over the files of a folder. */
final class TestModels {
  static final TensorSpec IDS = tokens("input_ids", Shape.DYNAMIC);
  static final TensorSpec MASK = tokens("attention_mask", Shape.DYNAMIC);
  static final TensorSpec TYPES = tokens("token_type_ids", Shape.DYNAMIC);

  private TestModels() {}

  static TensorSpec tokens(String name, long length) {
    return new TensorSpec(name, ElementType.INT64, Shape.of(Shape.DYNAMIC, length));
  }

  /** With every JSON file of the folder. */
  static ModelGraph of(Path folder, Map<String, Object> settings, List<TensorSpec> inputs)
      throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(n -> n.endsWith(".json"))
              .toList();
      return of(folder, settings, names, inputs.toArray(TensorSpec[]::new));
    }
  }

  static ModelGraph of(
      Path folder, Map<String, Object> settings, List<String> files, TensorSpec... inputs) {
    List<ModelFile> declared = new ArrayList<>();
    declared.add(new ModelFile("model.onnx", 1, "0".repeat(64)));
    files.forEach(file -> declared.add(new ModelFile(file, 1, "0".repeat(64))));
    TensorSpec output =
        new TensorSpec("sentence_embedding", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, 4));
    ModelManifest manifest =
        new ModelManifest(
            "sentences",
            "1",
            ModelManifest.EMBEDDING,
            "bert",
            Optional.of(new SpaceId("world", "1")),
            new ModelLicence("Apache-2.0", true),
            List.of(
                new GraphManifest(
                    "text",
                    Optional.of(Modality.TEXT),
                    "model.onnx",
                    List.of(inputs),
                    List.of(output),
                    Settings.of("test", settings))),
            Settings.of("test", Map.of()),
            declared);
    return new ModelPackage(manifest, folder).graphs().getFirst();
  }
}
