package io.sensorium.importer;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Precision;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.packages.PackageFiles;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lower precisions pass a gate, and say how far from float32 they are. */
class PrecisionImportTest {
  private static final Path VIT =
      Path.of("..", "..", "models", "reference", "vit-projected", "checkpoint");

  @TempDir Path root;
  private Path checkpoint;
  private Path packages;
  private OnnxInferenceRuntime runtime;
  private CheckpointImporter importer;

  @BeforeEach
  void copyCheckpoint() throws IOException {
    checkpoint = Files.createDirectories(root.resolve("checkpoint"));
    packages = root.resolve("packages");
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(VIT.resolve(name), checkpoint.resolve(name));
    }
    runtime =
        new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofMillis(200)));
    importer = new CheckpointImporter(runtime);
  }

  @AfterEach
  void closeRuntime() {
    runtime.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "INT8"})
  void aLowerPrecisionIsSmallerAndDeclaresItsDistance(Precision precision) throws IOException {
    ModelPackage full = importTo("full", ImportRequest.of("full"));
    ModelPackage small =
        importTo("small", ImportRequest.of("small").with(precision, ImportRequest.LEAST_COSINE));
    PackageFiles.verify(small.folder(), small.manifest());
    assertThat(small.manifest().files())
        .extracting(ModelFile::path)
        .contains("weights.safetensors", "golden.safetensors")
        .doesNotContain("model.safetensors");
    assertThat(weightBytes(small)).isLessThan(weightBytes(full) * 55 / 100);
    assertThat(small.manifest().calibration().decimal("tolerance")).isBetween(0.002, 0.2);
    assertThat(runtime.sessions()).isEmpty();
    assertThat(packages).isDirectoryNotContaining("glob:**.comparing-*");
    try (SafetensorsFile golden = SafetensorsFile.open(small.file("golden.safetensors"));
        SafetensorsFile reference = SafetensorsFile.open(full.file("golden.safetensors"))) {
      String name = "output.image_embeds";
      assertThat(Distance.between(reference.tensor(name), golden.tensor(name)).relative()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "INT4"})
  void aLanguageModelIsJudgedByItsLogits(Precision precision) throws IOException {
    Path trained = Path.of("../../models/defaults/src/main/checkpoints/lm-default");
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(trained.resolve(file), checkpoint.resolve(file), REPLACE_EXISTING);
    }
    double least = ImportRequest.leastCosine(precision);

    ModelPackage model = importTo("small", ImportRequest.of("small").with(precision, least));

    assertThat(model.manifest().task()).isEqualTo(ModelManifest.GENERATION);
    assertThat(model.manifest().calibration().decimal("tolerance")).isBetween(0.002, 0.5);
    try (SafetensorsFile golden = SafetensorsFile.open(model.file("golden.safetensors"))) {
      assertThat(golden.names())
          .contains("output.logits")
          .noneMatch(name -> name.startsWith("output.present."));
    }
  }

  @Test
  void aBroughtRecordingIsKeptAsTheReference() throws IOException {
    Path golden = VIT.resolve("golden.safetensors");
    Files.copy(golden, checkpoint.resolve("golden.safetensors"));
    ModelPackage model =
        importTo("int8", ImportRequest.of("int8").with(Precision.INT8, ImportRequest.LEAST_COSINE));
    assertThat(model.file("golden.safetensors")).hasSameBinaryContentAs(golden);
    assertThat(model.manifest().calibration().decimal("tolerance")).isBetween(0.002, 0.2);
  }

  @Test
  void whatIsTooFarOffIsRefusedWithTheFigureAndLeavesNothing() {
    assertThatThrownBy(
            () -> importTo("int8", ImportRequest.of("int8").with(Precision.INT8, 0.9999999)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageMatching(
            "model int8 1 in int8 must keep a cosine of 0.9999999 .*got 0\\.99\\d+"
                + " .*--accept-parity.*");
    assertThat(packages).isEmptyDirectory();
  }

  @Test
  void lessThanNineteenTwentiethsCannotBeAccepted() {
    assertThatThrownBy(() -> ImportRequest.of("x").with(Precision.INT8, 0.9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the least cosine must be in [0.95, 1]; got 0.9");
  }

  @Test
  void withoutARuntimeNothingIsQuantised() {
    assertThatThrownBy(
            () ->
                CheckpointImporter.withoutRuntime()
                    .importCheckpoint(
                        checkpoint,
                        packages.resolve("x"),
                        ImportRequest.of("x").with(Precision.FLOAT16, 1)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("there is no runtime");
    assertThat(packages).isEmptyDirectory();
  }

  private ModelPackage importTo(String name, ImportRequest request) {
    return importer.importCheckpoint(checkpoint, packages.resolve(name), request);
  }

  private static long weightBytes(ModelPackage model) throws IOException {
    try (Stream<Path> files = Files.list(model.folder())) {
      return files
          .filter(file -> file.getFileName().toString().matches("(model|weights)\\.safetensors"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }
}
