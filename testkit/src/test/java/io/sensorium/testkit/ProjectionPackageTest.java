package io.sensorium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectionPackageTest {
  @TempDir private Path folder;

  private static ProjectionPackage of(Shape item) {
    return new ProjectionPackage(
        "smell", "1", new Modality("smell"), new SpaceId("smell", "1"), item, 17, Map.of(), 4711);
  }

  @Test
  void theGraphComputesWhatIsRecorded() throws IOException, OrtException {
    of(Shape.of(1, 7, 3)).writeTo(folder);
    ModelPackage read = PackageFolder.read(folder);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"));
        OrtSession session = environment.createSession(read.graphs().getFirst().path().toString());
        OnnxTensor items =
            OnnxTensor.createTensor(
                environment,
                golden.tensor("input." + ProjectionPackage.INPUT).asFloats(),
                new long[] {3, 7, 3});
        OrtSession.Result result = session.run(Map.of(ProjectionPackage.INPUT, items))) {
      FloatBuffer found = ((OnnxTensor) result.get(0)).getFloatBuffer();
      Tensor expected = golden.tensor("output." + ProjectionPackage.OUTPUT);
      assertThat(expected.shape()).isEqualTo(Shape.of(3, 17));
      FloatBuffer wanted = expected.asFloats();
      for (int i = 0; i < wanted.capacity(); i++) {
        assertThat((double) found.get(i)).isCloseTo(wanted.get(i), within(1e-4));
      }
    }
  }

  @Test
  void aChangedFileIsNoticed() throws IOException {
    of(Shape.of(1, 5)).writeTo(folder);
    Files.write(folder.resolve("model.onnx"), new byte[] {1});
    assertThatThrownBy(() -> PackageFolder.read(folder))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("model.onnx");
  }

  @Test
  void itemsOfUnknownShapeAreRefused() {
    assertThatThrownBy(() -> of(Shape.of(-1, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an item's shape must be [1, ...] and known; got [n,5]");
  }
}
