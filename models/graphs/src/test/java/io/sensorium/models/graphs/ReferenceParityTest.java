package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
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
      AuthoredModel model = GraphAuthor.author(checkpoint);
      model.converted().ifPresent(weights -> weights.writeTo(folder));
      for (AuthoredGraph graph : model.graphs()) {
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

  private static Map<String, Tensor> tensors(SafetensorsFile file, String prefix) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    file.names().stream()
        .filter(name -> name.startsWith(prefix))
        .forEach(name -> tensors.put(name.substring(prefix.length()), file.tensor(name)));
    return tensors;
  }
}
