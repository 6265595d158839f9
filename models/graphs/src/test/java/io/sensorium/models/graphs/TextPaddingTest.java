package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Batches are padded with zeros, whatever a model's padding id is; an embedding must not change.
 */
class TextPaddingTest {
  private static final Path REFERENCE = Path.of("..", "reference");
  private static final int MORE = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-plain",
        "roberta-plain",
        "xlm-roberta-plain",
        "distilbert-plain",
        "sentence-mpnet",
        "sentence-mean",
        "sentence-cls",
        "sentence-many",
        "sentence-prompt",
        "export-sentence"
      })
  void zerosBehindTheTokensDoNotMatter(String name) throws IOException, OrtException {
    Path path = REFERENCE.resolve(name).resolve("checkpoint");
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path);
        SafetensorsFile golden = SafetensorsFile.open(path.resolve("golden.safetensors"))) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      Tensor mask = golden.tensor("input.attention_mask");
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      graph
          .inputs()
          .forEach(
              input ->
                  inputs.put(
                      input.name(), withZeros(golden.tensor("input." + input.name()), mask)));
      try (OnnxRun run = OnnxRun.open(graph, checkpoint, folder)) {
        Difference difference =
            Difference.between(
                run.run(inputs).get("sentence_embedding"),
                golden.tensor("output.sentence_embedding"));
        assertThat(difference.maxAbs()).isLessThan(1e-5 * Math.max(1, difference.scale()));
      }
    }
  }

  /** Three more columns, and zeros wherever the mask is 0. */
  private static Tensor withZeros(Tensor tensor, Tensor mask) {
    int rows = (int) mask.shape().dimension(0);
    int length = (int) mask.shape().dimension(1);
    if (tensor.shape().dimension(1) != length) {
      return tensor;
    }
    Tensor padded = Tensor.allocate(ElementType.INT64, Shape.of(rows, length + MORE));
    for (int row = 0; row < rows; row++) {
      for (int token = 0; token < length; token++) {
        int from = row * length + token;
        long seen = mask.asLongs().get(from);
        padded.asLongs().put(row * (length + MORE) + token, seen * tensor.asLongs().get(from));
      }
    }
    return padded;
  }
}
