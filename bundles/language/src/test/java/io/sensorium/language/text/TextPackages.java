package io.sensorium.language.text;

import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Packages of language models over the small files of a folder. */
final class TextPackages {
  static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  static final Path TOKENIZERS = REFERENCE.resolve("tokenizers");
  static final Path LM_DEFAULT =
      Path.of("..", "..", "models", "defaults", "src", "main", "checkpoints", "lm-default");
  static final int LM_DEFAULT_SIZE = 1280;

  private TextPackages() {}

  /** With every file of the folder that is no tensor file. */
  static ModelPackage of(Path folder) {
    List<ModelFile> declared = new ArrayList<>();
    declared.add(new ModelFile("model.onnx", 1, "0".repeat(64)));
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json") || name.endsWith(".jinja"))
          .forEach(name -> declared.add(new ModelFile(name, 1, "0".repeat(64))));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
    TensorSpec ids =
        new TensorSpec("input_ids", ElementType.INT64, Shape.of(Shape.DYNAMIC, Shape.DYNAMIC));
    TensorSpec logits =
        new TensorSpec(
            "logits", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, Shape.DYNAMIC, Shape.DYNAMIC));
    GraphManifest graph =
        new GraphManifest(
            "decoder",
            Optional.empty(),
            "model.onnx",
            List.of(ids),
            List.of(logits),
            Settings.of("test", Map.of()));
    ModelManifest manifest =
        new ModelManifest(
            "speaker",
            "1",
            "generation",
            "llama",
            Optional.empty(),
            new ModelLicence("Apache-2.0", true),
            List.of(graph),
            Settings.of("test", Map.of()),
            declared);
    return new ModelPackage(manifest, folder);
  }
}
