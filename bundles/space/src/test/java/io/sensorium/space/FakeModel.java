package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Packages of numbers: values and a mask in, three components out. */
final class FakeModel {
  static final String VALUES = "values";
  static final String MASK = "attention_mask";
  static final String OUTPUT = "embeds";

  /** A state for every value: the value. */
  static final String STATES = "states";

  static final int DIMENSION = 3;

  private FakeModel() {}

  static ModelPackage of(Modality modality, String space, int version) {
    return of(modality, space, version, Map.of());
  }

  static ModelPackage of(
      Modality modality, String space, int version, Map<String, Object> calibration) {
    return of(modality, space, version, GraphManifest.ONNX, calibration);
  }

  static ModelPackage of(
      Modality modality,
      String space,
      int version,
      String runtime,
      Map<String, Object> calibration) {
    return of(modality, space, version, runtime, calibration, DIMENSION);
  }

  /** A package whose embeddings have that many components. */
  static ModelPackage ofDimension(Modality modality, String space, int version, int dimension) {
    return of(modality, space, version, GraphManifest.ONNX, Map.of(), dimension);
  }

  /** A package in a folder, with what the encoder of numbers makes of "1 2 3" recorded. */
  static ModelPackage recorded(Modality modality, String space, int version, Path folder)
      throws IOException {
    Files.createDirectories(folder.resolve("media"));
    Files.writeString(folder.resolve("media/three.txt"), "1 2 3");
    SafetensorsWriter.writeTensors(
        folder.resolve("golden.safetensors"),
        Map.of(
            "pre.three." + VALUES,
            Tensor.ofFloats(Shape.of(1, 3), 1, 2, 3),
            "pre.three." + MASK,
            Tensor.ofLongs(Shape.of(1, 3), 1, 1, 1)),
        Map.of());
    ModelManifest plain = of(modality, space, version).manifest();
    return new ModelPackage(
        new ModelManifest(
            plain.id(),
            plain.version(),
            plain.task(),
            plain.architecture(),
            plain.space(),
            plain.licence(),
            plain.graphs(),
            plain.calibration(),
            List.of(
                new ModelFile("golden.safetensors", 1, "0".repeat(64)),
                new ModelFile("media/three.txt", 1, "0".repeat(64)),
                new ModelFile("model.onnx", 1, "0".repeat(64)))),
        folder);
  }

  private static ModelPackage of(
      Modality modality,
      String space,
      int version,
      String runtime,
      Map<String, Object> calibration,
      int dimension) {
    String id = space + "-" + modality;
    return new ModelPackage(
        new ModelManifest(
            id,
            Integer.toString(version),
            ModelManifest.EMBEDDING,
            "fake",
            Optional.of(new SpaceId(space, "1")),
            new ModelLicence("Apache-2.0", true),
            List.of(
                new GraphManifest(
                    modality.name(),
                    Optional.of(modality),
                    runtime,
                    "model.onnx",
                    List.of(
                        new TensorSpec(VALUES, ElementType.FLOAT32, Shape.of(-1, -1)),
                        new TensorSpec(MASK, ElementType.INT64, Shape.of(-1, -1))),
                    List.of(new TensorSpec(OUTPUT, ElementType.FLOAT32, Shape.of(-1, dimension))),
                    Settings.of("test", Map.of()))),
            Settings.of("test", calibration),
            List.of(new ModelFile("model.onnx", 1, "0".repeat(64)))),
        Path.of("packages", id, Integer.toString(version)));
  }
}
