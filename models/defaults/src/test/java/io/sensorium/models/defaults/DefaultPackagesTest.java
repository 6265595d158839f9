package io.sensorium.models.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The packages of the bundle run, and agree with what transformers recorded for them. New weights
 * need a new recording: models/reference/record_defaults.py.
 */
class DefaultPackagesTest {
  private static final Path PACKAGES = Path.of("target", "classes", "packages");

  /**
   * Text computes in bytes: where floats round otherwise a byte may, which grows from layer to
   * layer. With one scale for the batch, as MiniLM was exported, the cosine is 0.994.
   */
  @ParameterizedTest
  @CsvSource({"world-image,0.99999", "world-audio,0.99999", "world-text,0.998"})
  void packageAgreesWithItsRecording(String id, double leastCosine) throws OrtException {
    Path folder = PACKAGES.resolve(id);
    ModelManifest manifest = ModelManifestJson.read(folder.resolve("model.json"));
    PackageFiles.verify(folder, manifest);
    assertThat(manifest.id()).isEqualTo(id);
    assertThat(manifest.task()).isEqualTo(ModelManifest.EMBEDDING);
    assertThat(manifest.space()).contains(new SpaceId("world", "1"));
    assertThat(manifest.licence()).isEqualTo(new ModelLicence("Apache-2.0", true));
    if (!id.equals("world-text")) {
      assertThat(manifest.calibration().decimal("temperature")).isBetween(1e-4, 1.0);
    }
    GraphManifest graph = manifest.graphs().getFirst();
    TensorSpec embedding = graph.outputs().getFirst();
    try (SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
      Tensor expected = golden.tensor("output." + embedding.name());
      assertThat(embedding.accepts(expected)).isTrue();
      float[] actual = run(folder.resolve(graph.file()), graph, golden);
      int width = (int) expected.shape().dimension(1);
      for (int row = 0; row < expected.shape().dimension(0); row++) {
        double cosine = 0;
        for (int i = row * width; i < (row + 1) * width; i++) {
          cosine += (double) actual[i] * expected.asFloats().get(i);
        }
        assertThat(cosine).as("row %d of %s", row, id).isGreaterThanOrEqualTo(leastCosine);
      }
    }
  }

  /** That it computes what was recorded, installing it tests every time. */
  @Test
  void theLanguageModelIsWholeAndHasItsRecording() {
    Path folder = PACKAGES.resolve("lm-default");
    ModelManifest manifest = ModelManifestJson.read(folder.resolve("model.json"));
    PackageFiles.verify(folder, manifest);
    assertThat(manifest.task()).isEqualTo(ModelManifest.GENERATION);
    assertThat(manifest.space()).isEmpty();
    assertThat(manifest.licence()).isEqualTo(new ModelLicence("Apache-2.0", true));
    assertThat(manifest.files().stream().map(ModelFile::path))
        .contains("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");
    try (SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
      assertThat(golden.names()).contains("input.input_ids", "output.logits");
    }
  }

  @ParameterizedTest
  @CsvSource({"world-image-lm,image,13", "world-audio-lm,audio,8"})
  void anAdapterGivesTheRowsThatWereTrained(String id, String modality, int rows)
      throws OrtException {
    Path folder = PACKAGES.resolve(id);
    ModelManifest manifest = ModelManifestJson.read(folder.resolve("model.json"));
    PackageFiles.verify(folder, manifest);
    assertThat(manifest.task()).isEqualTo(ModelManifest.PROJECTION);
    GraphManifest graph = manifest.graphs().getFirst();
    assertThat(graph.preprocessing().text("modality")).isEqualTo(modality);
    assertThat(graph.preprocessing().text("language_model")).isEqualTo("lm-default");
    try (SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
      Tensor expected = golden.tensor("output.media_embeds");
      assertThat(expected.shape()).isEqualTo(Shape.of(2, rows, 192));
      float[] actual = run(folder.resolve(graph.file()), graph, golden);
      for (int at = 0; at < actual.length; at++) {
        assertThat(actual[at]).isCloseTo(expected.asFloats().get(at), within(1e-4f));
      }
    }
  }

  private static float[] run(Path graph, GraphManifest manifest, SafetensorsFile golden)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      for (TensorSpec input : manifest.inputs()) {
        Tensor tensor = golden.tensor("input." + input.name());
        assertThat(input.accepts(tensor)).as(input.name()).isTrue();
        long[] shape =
            LongStream.range(0, tensor.shape().rank())
                .map(axis -> tensor.shape().dimension((int) axis))
                .toArray();
        inputs.put(
            input.name(),
            tensor.type() == ElementType.FLOAT32
                ? OnnxTensor.createTensor(environment, tensor.asFloats(), shape)
                : OnnxTensor.createTensor(environment, tensor.asLongs(), shape));
      }
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(graph.toString(), options);
          OrtSession.Result result = session.run(inputs)) {
        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] embeddings = new float[values.remaining()];
        values.get(embeddings);
        return embeddings;
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }
}
