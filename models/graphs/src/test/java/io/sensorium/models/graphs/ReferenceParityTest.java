package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every checkpoint under models/reference gives what transformers gave for it. */
class ReferenceParityTest {
  private static final Path REFERENCE = Path.of("..", "reference");

  @TempDir Path folder;

  static List<Path> recordedCheckpoints() throws IOException {
    try (Stream<Path> cases = Files.list(REFERENCE)) {
      return cases
          .map(path -> path.resolve("checkpoint"))
          .filter(path -> Files.exists(path.resolve("golden.safetensors")))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recordedCheckpoints")
  void graphAgreesWithTransformers(Path path) throws IOException, OrtException {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path);
        SafetensorsFile golden = SafetensorsFile.open(path.resolve("golden.safetensors"))) {
      Map<String, Tensor> inputs = tensors(golden, "input.");
      Map<String, Tensor> expected = tensors(golden, "output.");
      Set<String> compared = new TreeSet<>();
      for (AuthoredGraph graph : GraphAuthor.author(checkpoint).graphs()) {
        try (OnnxRun run = OnnxRun.open(graph, checkpoint, folder)) {
          Map<String, Tensor> actual = run.run(RecordedNames.inputsOf(graph, inputs));
          RecordedNames.outputsOf(graph, expected)
              .forEach(
                  (recorded, output) -> {
                    compared.add(recorded);
                    Difference difference =
                        Difference.between(actual.get(output), expected.get(recorded));
                    assertThat(difference)
                        .as("%s of %s", output, path)
                        .matches(d -> d.maxAbs() <= 1e-4 * d.scale() && d.cosine() >= 0.99999);
                  });
        }
      }
      assertThat(compared).isEqualTo(expected.keySet());
    }
  }

  /** bfloat16 keeps 8 bits of every weight, so the directions agree only roughly. */
  @Test
  void weightsOfHalfTheSizeAreCastWhileLoading() throws IOException, OrtException {
    Path original = REFERENCE.resolve("vit-projected").resolve("checkpoint");
    Path halved = Files.createDirectory(folder.resolve("checkpoint"));
    Files.copy(original.resolve("config.json"), halved.resolve("config.json"));
    Map<String, Tensor> weights = new LinkedHashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(original.resolve("model.safetensors"))) {
      file.names().forEach(name -> weights.put(name, toBfloat16(file.tensor(name))));
    }
    SafetensorsWriter.writeTensors(halved.resolve("model.safetensors"), weights, Map.of());
    Path run = Files.createDirectory(folder.resolve("run"));
    try (CheckpointFolder checkpoint = CheckpointFolder.open(halved);
        SafetensorsFile golden = SafetensorsFile.open(original.resolve("golden.safetensors"));
        OnnxRun session =
            OnnxRun.open(GraphAuthor.author(checkpoint).graphs().getFirst(), checkpoint, run)) {
      Tensor actual = session.run(tensors(golden, "input.")).get("image_embeds");
      Difference difference = Difference.between(actual, golden.tensor("output.image_embeds"));
      assertThat(difference.cosine()).isBetween(0.998, 0.9999999);
    }
  }

  private static Tensor toBfloat16(Tensor tensor) {
    Tensor half = Tensor.allocate(ElementType.BFLOAT16, tensor.shape());
    for (int i = 0; i < tensor.shape().elements(); i++) {
      int bits = Float.floatToRawIntBits(tensor.asFloats().get(i));
      half.data().setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> 16));
    }
    return half;
  }

  private static Map<String, Tensor> tensors(SafetensorsFile file, String prefix) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    file.names().stream()
        .filter(name -> name.startsWith(prefix))
        .forEach(name -> tensors.put(name.substring(prefix.length()), file.tensor(name)));
    return tensors;
  }
}
