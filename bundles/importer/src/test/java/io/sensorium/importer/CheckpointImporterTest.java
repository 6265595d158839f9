package io.sensorium.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.StorageException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.space.SpaceId;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointImporterTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");

  private final CheckpointImporter importer = CheckpointImporter.withoutRuntime();

  @TempDir Path root;

  @Test
  void aProjectedTowerBecomesAnEmbeddingPackage() throws IOException {
    Path checkpoint = copyOf("vit-projected");
    Files.writeString(
        checkpoint.resolve("calibration.json"),
        "{\"temperature\":0.05,\"prompts\":[\"a picture of {}\"]}");
    Files.writeString(checkpoint.resolve("preprocessor_config.json"), "{\"size\":40}");
    Files.writeString(checkpoint.resolve("unrelated.bin"), "not part of the package");
    ImportRequest request =
        new ImportRequest(
            "world-image",
            "1.0.0",
            Optional.of(new SpaceId("world", "1")),
            Optional.of(new ModelLicence("Apache-2.0", true)));

    Path target = root.resolve("packages/world-image");
    ModelPackage imported = importer.importCheckpoint(checkpoint, target, request);

    ModelManifest manifest = ModelManifestJson.read(target.resolve("model.json"));
    PackageFiles.verify(target, manifest);
    assertThat(imported.manifest().files()).isEqualTo(manifest.files());
    assertThat(manifest.task()).isEqualTo(ModelManifest.EMBEDDING);
    assertThat(manifest.architecture()).isEqualTo("vit");
    GraphManifest vision = manifest.graphs().getFirst();
    assertThat(vision.modality()).contains(Modality.IMAGE);
    assertThat(manifest.space()).contains(new SpaceId("world", "1"));
    assertThat(vision.outputs().getFirst().signature()).isEqualTo("float32[n,24]");
    assertThat(vision.inputs().getFirst().signature()).isEqualTo("float32[n,3,40,40]");
    assertThat(manifest.calibration().decimal("temperature")).isEqualTo(0.05);
    assertThat(vision.preprocessing().integer("size")).isEqualTo(40);
    assertThat(manifest.files())
        .extracting("path")
        .containsExactly(
            "config.json",
            "golden.safetensors",
            "model.onnx",
            "model.safetensors",
            "preprocessor_config.json");
    assertThat(target.resolve("model.safetensors"))
        .hasSameBinaryContentAs(checkpoint.resolve("model.safetensors"));
  }

  @Test
  void aTowerWithoutProjectionIsAnEncoderToo() throws IOException {
    ModelManifest manifest =
        importer
            .importCheckpoint(
                copyOf("ast-overlapping"), root.resolve("x"), ImportRequest.of("Some-AST"))
            .manifest();
    assertThat(manifest.task()).isEqualTo(ModelManifest.EMBEDDING);
    assertThat(manifest.space()).contains(new SpaceId("some-ast", "1"));
    assertThat(manifest.graphs().getFirst().outputs())
        .extracting("name")
        .containsExactly(
            "audio_embeds", "last_hidden_state", "pooler_output", "penultimate_hidden_state");
  }

  /** The weights stay one file on the disk, under two names. */
  @Test
  void whatPyTorchSavedIsLinkedAndReadWhereItLies() throws IOException {
    Path checkpoint = copyOf("imagebind-pth");
    Files.delete(checkpoint.resolve("README.md"));
    Path target = root.resolve("x");
    ModelManifest manifest =
        importer.importCheckpoint(checkpoint, target, ImportRequest.of("bound")).manifest();
    assertThat(manifest.graphs())
        .extracting(GraphManifest::file)
        .containsExactly(
            "vision.onnx", "text.onnx", "audio.onnx", "depth.onnx", "thermal.onnx", "imu.onnx");
    assertThat(manifest.licence()).isEqualTo(new ModelLicence("CC-BY-NC-SA-4.0", false));
    assertThat(
            Files.isSameFile(
                target.resolve("imagebind_tiny.pth"), checkpoint.resolve("imagebind_tiny.pth")))
        .isTrue();
    assertThat(manifest.files()).extracting("path").contains("constructor.json");
  }

  @Test
  void tablesThatAnExtractorComputesAreNotDeclared() throws IOException {
    Path checkpoint = copyOf("whisper-80-mels");
    Path processor = checkpoint.resolve("preprocessor_config.json");
    String json = Files.readString(processor);
    Files.writeString(processor, json.replaceFirst("\\{", "{\"mel_filters\": [[0.0, 0.5]],"));
    ModelManifest manifest =
        importer
            .importCheckpoint(checkpoint, root.resolve("x"), ImportRequest.of("whisper"))
            .manifest();
    assertThat(manifest.graphs().getFirst().preprocessing().asMap())
        .containsEntry("feature_extractor_type", "WhisperFeatureExtractor")
        .doesNotContainKey("mel_filters");
  }

  @Test
  void aProcessorMayDeclareASenseOfItsOwn() throws IOException {
    Path checkpoint = copyOf("ast-projected");
    Path processor = checkpoint.resolve("preprocessor_config.json");
    String json = Files.readString(processor);
    Files.writeString(processor, json.replaceFirst("\\{", "{\"modality\": \"motion\","));
    ModelManifest manifest =
        importer
            .importCheckpoint(checkpoint, root.resolve("x"), ImportRequest.of("motion"))
            .manifest();
    assertThat(manifest.graphs().getFirst().modality()).contains(new Modality("motion"));

    Files.writeString(processor, json.replaceFirst("\\{", "{\"modality\": \"A Motion\","));
    assertThatThrownBy(
            () ->
                importer.importCheckpoint(
                    checkpoint, root.resolve("y"), ImportRequest.of("motion")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("'modality' of the processor in " + checkpoint);
  }

  @Test
  void mediaTravelWithTheRecordingOfWhatBecomesOfThem() throws IOException {
    Path checkpoint = copyOf("ast-projected");
    Path media = Files.createDirectories(checkpoint.resolve("media"));
    Path sound = REFERENCE.resolve("ast-projected/checkpoint/media/short.wav");
    Files.copy(sound, media.resolve("short.wav"));
    Files.copy(sound, media.resolve("never-recorded.wav"));
    ModelManifest manifest =
        importer
            .importCheckpoint(checkpoint, root.resolve("x"), ImportRequest.of("ast"))
            .manifest();
    assertThat(manifest.files())
        .extracting("path")
        .contains("media/short.wav")
        .doesNotContain("media/never-recorded.wav");
  }

  @Test
  void spaceAndLicenceComeFromTheCheckpointUnlessGiven() throws IOException {
    Path checkpoint = copyOf("vit-projected");
    assertThat(licenceOf(checkpoint, "a")).isEqualTo(ModelLicence.UNKNOWN);
    card(checkpoint, "apache-2.0");
    assertThat(licenceOf(checkpoint, "b")).isEqualTo(new ModelLicence("Apache-2.0", true));
    card(checkpoint, "cc-by-nc-sa-4.0");
    assertThat(licenceOf(checkpoint, "c")).isEqualTo(new ModelLicence("cc-by-nc-sa-4.0", false));
    assertThat(ModelManifestJson.read(root.resolve("c/model.json")).space())
        .contains(new SpaceId("my-model", "1"));
  }

  @Test
  void nothingIsLeftOfAnImportThatFails() throws IOException {
    Path checkpoint = copyOf("vit-projected");
    Files.writeString(checkpoint.resolve("calibration.json"), "[]");
    Path target = root.resolve("packages/broken");
    assertThatThrownBy(
            () -> importer.importCheckpoint(checkpoint, target, ImportRequest.of("broken")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("calibration.json");
    assertThat(list(target.getParent())).isEmpty();
    assertThat(list(checkpoint)).hasSize(4);
  }

  @Test
  void whatExistsIsNotOverwritten() throws IOException {
    Path target = Files.createDirectories(root.resolve("there"));
    assertThatThrownBy(
            () ->
                importer.importCheckpoint(copyOf("vit-pooled"), target, ImportRequest.of("there")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("must not exist");
  }

  private ModelLicence licenceOf(Path checkpoint, String target) {
    return importer
        .importCheckpoint(checkpoint, root.resolve(target), ImportRequest.of("my-model"))
        .manifest()
        .licence();
  }

  private static void card(Path checkpoint, String licence) throws IOException {
    Files.writeString(
        checkpoint.resolve("README.md"),
        "---\nlanguage: en\nlicense: \"%s\"\n---\n# A model\nlicense: mit\n".formatted(licence));
  }

  private Path copyOf(String name) throws IOException {
    Path copy = Files.createDirectories(root.resolve("checkpoint"));
    for (Path file : list(REFERENCE.resolve(name).resolve("checkpoint"))) {
      Files.copy(file, copy.resolve(file.getFileName()));
    }
    return copy;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
