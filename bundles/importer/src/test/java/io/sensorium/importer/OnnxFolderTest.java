package io.sensorium.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.Precision;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.graphs.LinearProjection;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs of modalities that nobody here knows. */
class OnnxFolderTest {
  private static final String DECLARATION =
      """
      {
        "modality": "motion",
        "architecture": "my-tower",
        "inputs": [{"name": "input_values", "type": "float32", "shape": [-1, 7, 3]}],
        "outputs": [{"name": "motion_embeds", "type": "float32", "shape": [-1, 5]}],
        "preprocessing": {"rows": 7, "columns": 3}
      }
      """;

  private final CheckpointImporter importer = CheckpointImporter.withoutRuntime();

  @TempDir private Path root;
  private Path checkpoint;

  @BeforeEach
  void writeACheckpoint() throws IOException {
    checkpoint = Files.createDirectories(root.resolve("motion/media")).getParent();
    LinearProjection.write(
        checkpoint.resolve("model.onnx"),
        new TensorSpec("input_values", ElementType.FLOAT32, Shape.of(-1, 7, 3)),
        "motion_embeds",
        Tensor.allocate(ElementType.FLOAT32, Shape.of(21, 5)),
        Tensor.allocate(ElementType.FLOAT32, Shape.of(5)));
    Files.writeString(checkpoint.resolve("README.md"), "---\nlicense: mit\n---\n");
    Files.writeString(checkpoint.resolve("media/walk.csv"), "1,2,3\n");
  }

  @Test
  void aGraphThatDeclaresItselfBecomesAPackage() throws IOException {
    declare(DECLARATION);
    Path target = root.resolve("package");
    SpaceId world = new SpaceId("world", "1");
    importer.importCheckpoint(
        checkpoint,
        target,
        new ImportRequest("my-motion", "3", Optional.of(world), Optional.empty()));

    ModelManifest manifest = ModelManifestJson.read(target.resolve("model.json"));
    PackageFiles.verify(target, manifest);
    assertThat(manifest.space()).contains(world);
    assertThat(manifest.architecture()).isEqualTo("my-tower");
    assertThat(manifest.licence()).isEqualTo(new ModelLicence("MIT", true));
    GraphManifest graph = manifest.graphs().getFirst();
    assertThat(graph.name()).isEqualTo("motion");
    assertThat(graph.runtime()).isEqualTo(GraphManifest.ONNX);
    assertThat(graph.modality()).contains(new Modality("motion"));
    assertThat(graph.inputs().getFirst().signature()).isEqualTo("float32[n,7,3]");
    assertThat(graph.preprocessing().integer("rows")).isEqualTo(7);
    assertThat(manifest.files())
        .extracting("path")
        .containsExactly("README.md", "media/walk.csv", "model.onnx");
  }

  @Test
  void whatIsMissingOrMalformedIsNamed() throws IOException {
    refused(DECLARATION.replace("motion_embeds", "").replace("\"outputs\"", "\"gives\""))
        .hasMessageContaining("outputs");
    refused(DECLARATION.replace("\"motion\"", "\"My Motion\""))
        .hasMessageContaining("'modality' in onnx.json")
        .hasMessageContaining("got 'My Motion'");
    refused(DECLARATION.replace("\"architecture\"", "\"model\"")).hasMessageContaining("my-tower");
    refused(DECLARATION.replace("\"my-tower\"", "\"x\", \"weights\": [\"../other\"]"))
        .hasMessageContaining("../other");
  }

  @Test
  void itsPrecisionIsItsOwn() throws IOException {
    declare(DECLARATION);
    ImportRequest request = ImportRequest.of("motion").with(Precision.INT8, 0.99);
    assertThatThrownBy(
            () -> importer.importCheckpoint(checkpoint, root.resolve("package"), request))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("onnx.json");
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
      String declaration) throws IOException {
    declare(declaration);
    Path target = root.resolve("refused");
    var refused =
        assertThatThrownBy(
                () -> importer.importCheckpoint(checkpoint, target, ImportRequest.of("motion")))
            .isInstanceOf(ModelLoadException.class);
    assertThat(target).doesNotExist();
    return refused;
  }

  private void declare(String declaration) throws IOException {
    Files.writeString(checkpoint.resolve("onnx.json"), declaration);
  }
}
