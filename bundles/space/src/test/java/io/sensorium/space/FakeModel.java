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
import io.sensorium.api.tensor.TensorSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Packages of numbers: values and a mask in, three components out. */
final class FakeModel {
  static final String VALUES = "values";
  static final String MASK = "attention_mask";
  static final String OUTPUT = "embeds";
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
                    List.of(new TensorSpec(OUTPUT, ElementType.FLOAT32, Shape.of(-1, DIMENSION))),
                    Settings.of("test", Map.of()))),
            Settings.of("test", calibration),
            List.of(new ModelFile("model.onnx", 1, "0".repeat(64)))),
        Path.of("packages", id, Integer.toString(version)));
  }
}
