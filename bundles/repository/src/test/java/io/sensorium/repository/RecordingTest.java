package io.sensorium.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  @TempDir Path folder;

  @Test
  void aGraphMayBeRecordedUnderItsOwnNameAndWithoutTheAxisOfClips() {
    ModelGraph graph =
        graph(new TensorSpec("sound", ElementType.FLOAT32, Shape.of(-1, Shape.DYNAMIC, 1, 3)));
    assertThat(recorded(graph, Shape.of(2, 1, 3))).isEqualTo(Shape.of(2, 1, 1, 3));
    assertThat(recorded(graph, Shape.of(1, 2, 1, 3))).isEqualTo(Shape.of(1, 2, 1, 3));
  }

  @Test
  void otherAxesAreNotMadeUp() {
    ModelGraph graph = graph(new TensorSpec("sound", ElementType.FLOAT32, Shape.of(-1, 1, 2, 3)));
    assertThat(recorded(graph, Shape.of(1, 2, 3))).isEqualTo(Shape.of(1, 2, 3));
  }

  @Test
  void tokensThatAreRecordedAloneAreAllSeen() {
    ModelGraph graph =
        graph(tokens("input_ids"), tokens("attention_mask"), tokens("token_type_ids"));
    Path golden = folder.resolve("golden.safetensors");
    Tensor ids = Tensor.ofLongs(Shape.of(1, 3), 7, 8, 9);
    SafetensorsWriter.writeTensors(golden, Map.of("input.input_ids", ids), Map.of());
    try (SafetensorsFile file = SafetensorsFile.open(golden)) {
      Recording recording = new Recording(file);
      assertThat(recording.recorded(List.of(graph))).containsExactly(graph);
      Map<String, Tensor> inputs = recording.inputsOf(graph);
      assertThat(longs(inputs.get("input_ids"))).containsExactly(7, 8, 9);
      assertThat(longs(inputs.get("attention_mask"))).containsExactly(1, 1, 1);
      assertThat(longs(inputs.get("token_type_ids"))).containsExactly(0, 0, 0);
    }
  }

  private static TensorSpec tokens(String name) {
    return new TensorSpec(name, ElementType.INT64, Shape.of(Shape.DYNAMIC, Shape.DYNAMIC));
  }

  private static long[] longs(Tensor tensor) {
    long[] values = new long[(int) tensor.shape().elements()];
    tensor.asLongs().get(values);
    return values;
  }

  private Shape recorded(ModelGraph graph, Shape shape) {
    Path golden = folder.resolve("golden.safetensors");
    SafetensorsWriter.writeTensors(
        golden, Map.of("input.audio", Tensor.ofFloats(shape, 1, 2, 3, 4, 5, 6)), Map.of());
    try (SafetensorsFile file = SafetensorsFile.open(golden)) {
      Tensor tensor = new Recording(file).inputsOf(graph).get("sound");
      assertThat(tensor.asFloats().get(5)).isEqualTo(6);
      return tensor.shape();
    }
  }

  private ModelGraph graph(TensorSpec... inputs) {
    TensorSpec output = new TensorSpec("embeds", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, 4));
    ModelManifest manifest =
        new ModelManifest(
            "sounds",
            "1",
            ModelManifest.EMBEDDING,
            "test",
            Optional.of(new SpaceId("world", "1")),
            TestPackages.FREE,
            List.of(
                new GraphManifest(
                    "audio",
                    Optional.of(Modality.AUDIO),
                    "model.onnx",
                    List.of(inputs),
                    List.of(output),
                    Settings.of("test", Map.of()))),
            Settings.of("test", Map.of()),
            List.of(new ModelFile("model.onnx", 1, "0".repeat(64))));
    return new ModelPackage(manifest, folder).graphs().getFirst();
  }
}
