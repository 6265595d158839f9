package io.sensorium.models.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import io.sensorium.api.model.ModelManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelManifestJsonTest {
  @TempDir Path temporary;
  private ModelManifest manifest;
  private String json;

  @BeforeEach
  void makeManifest() throws IOException {
    manifest = Packages.manifest(Packages.folder(temporary.resolve("tiny")));
    json = new String(ModelManifestJson.toBytes(manifest), StandardCharsets.UTF_8);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path file = temporary.resolve("copy.json");
    ModelManifestJson.write(manifest, file);
    ModelManifest read = ModelManifestJson.read(file);

    assertThat(ModelManifestJson.toBytes(read)).isEqualTo(ModelManifestJson.toBytes(manifest));
    assertThat(read.graphs().getFirst().inputs()).isEqualTo(manifest.graphs().getFirst().inputs());
    assertThat(read.files()).isEqualTo(manifest.files()).hasSize(3);
    assertThat(read.space()).isEqualTo(manifest.space());
    assertThat(read.graphs().getFirst().modality())
        .isEqualTo(manifest.graphs().getFirst().modality());
    assertThat(read.graphs().getFirst().preprocessing().decimals("image_mean"))
        .containsExactly(0.5, 0.25, 0.125);
    assertThat(read.calibration().decimal("temperature")).isEqualTo(0.07);
  }

  @Test
  void anotherRuntimeIsReadAndWritten() {
    assertThat(manifest.graphs().getFirst().runtime()).isEqualTo("onnx");
    String other =
        json.replace("\"file\": \"model.onnx\"", "\"runtime\": \"djl\", \"file\": \"model.onnx\"");
    ModelManifest read = parse(other);
    assertThat(read.graphs().getFirst().runtime()).isEqualTo("djl");
    assertThat(parse(new String(ModelManifestJson.toBytes(read), StandardCharsets.UTF_8)).graphs())
        .extracting("runtime")
        .containsExactly("djl");
    assertThat(json).doesNotContain("\"runtime\"");
  }

  @Test
  void theMemoryOfAGraphIsReadAndWritten() {
    assertThat(manifest.graphs().getFirst().memory()).isEmpty();
    String planned =
        json.replace(
            "\"file\": \"model.onnx\"",
            "\"memory\": {\"parameters\": 7, \"weightBytes\": 28, \"workingBytes\": 99},"
                + " \"file\": \"model.onnx\"");
    ModelManifest read = parse(planned);
    assertThat(read.graphs().getFirst().memory()).contains(new GraphMemory(7, 28, 99));
    assertThat(parse(new String(ModelManifestJson.toBytes(read), StandardCharsets.UTF_8)).graphs())
        .extracting("memory")
        .containsExactly(Optional.of(new GraphMemory(7, 28, 99)));
    assertThatThrownBy(() -> parse(planned.replace("28", "-28")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("must not be negative");
  }

  @Test
  void aModelOfAnotherTaskNeedsNeitherModalityNorSpace() {
    String other =
        json.replace("\"embedding\"", "\"classification\"")
            .replaceFirst("\"modality\": \"image\",\\s*", "")
            .replaceFirst("(?s)\"space\": \\{.*?},\\s*", "");
    assertThat(parse(other).graphs().getFirst().modality()).isEmpty();
    assertThat(parse(other).space()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "format",
        "id",
        "version",
        "task",
        "architecture",
        "licence",
        "graphs",
        "file",
        "inputs",
        "outputs",
        "files"
      })
  void aMissingKeyIsNamed(String key) {
    String renamed = json.replaceFirst("\"" + key + "\": ", "\"preprocessing_\": ");
    assertThatThrownBy(() -> parse(renamed))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("here.json");
    String nulled =
        json.replaceFirst("\"" + key + "\": (\"[^\"]*\"|2\\b)", "\"" + key + "\": null");
    if (!nulled.equals(json)) {
      assertThatThrownBy(() -> parse(nulled))
          .hasMessageEndingWith(key + "' is missing in here.json");
    }
  }

  @Test
  void aLicenceMayLeaveOpenWhetherCommercialUseIsAllowed() {
    String open = json.replaceFirst(",\\s*\"commercialUse\": true", "");

    assertThat(parse(open).licence())
        .isEqualTo(new ModelLicence("Apache-2.0", CommercialUse.UNKNOWN));
    assertThat(new String(ModelManifestJson.toBytes(parse(open)), StandardCharsets.UTF_8))
        .doesNotContain("commercialUse");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"format\": 2 | \"format\": 1 | 'format' in here.json must be 2; got 1",
        "\"id\": \"tiny\" | \"id\": 7 | 'id' in here.json must be a string; got 7",
        "\"id\": \"tiny\" | \"id\": \"../up\" | a model's id must match",
        "\"id\": \"tiny\" | \"id\": \"tiny\", \"idd\": 1 | unknown key 'idd' in here.json",
        "\"id\": \"tiny\" | \"id\": \"tiny\", \"id\": \"two\" | Duplicate field 'id'",
        "\"commercialUse\": true | \"commercialUse\": \"yes\" | 'licence.commercialUse' in here.json",
        "\"float32\" | \"float33\" | 'graphs[0].inputs[0].type' in here.json must be an element type",
        "\"media/one.txt\" | \"../one.txt\" | 'files[0].path' in here.json is not valid",
        "\"media/one.txt\" | \"/etc/passwd\" | 'files[0].path' in here.json is not valid",
        "\"media/one.txt\" | \"MODEL.onnx\" | 'files[1].path' in here.json must be unique",
        "\"bytes\": 3 | \"bytes\": 3.5 | 'files[0].bytes' in here.json must be an integer; got 3.5",
        "\"bytes\": 3 | \"bytes\": -3 | 'files[0].path' in here.json is not valid",
        "\"file\": \"model.onnx\" | \"file\": \"other.onnx\" | must be among the files"
      })
  void aWrongValueIsNamed(String original, String replacement, String message) {
    assertThat(json).contains(original);
    assertThatThrownBy(() -> parse(json.replace(original, replacement)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("here.json");
  }

  @Test
  void everyTruncationIsOneModelLoadException() {
    for (int length = 0; length < json.length() - 2; length += 7) {
      String cut = json.substring(0, length);
      assertThatThrownBy(() -> parse(cut)).isInstanceOf(ModelLoadException.class);
    }
  }

  @Test
  void deepNestingIsRefused() {
    String deep = json.replace("0.07", "[".repeat(5000) + "]".repeat(5000));
    assertThatThrownBy(() -> parse(deep))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("nesting");
  }

  @Test
  void aLongFileIsRefusedBeforeItIsParsed() throws IOException {
    Path file = temporary.resolve("long.json");
    Files.write(file, new byte[ModelManifestJson.MAXIMUM_BYTES + 1]);
    assertThatThrownBy(() -> ModelManifestJson.read(file))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("at most");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ModelManifestJson.read(temporary.resolve("none.json")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("none.json");
  }

  @Test
  void settingsAreReadDeeplyUnmodifiable() throws IOException {
    Path file = temporary.resolve("preprocessor_config.json");
    Files.writeString(file, "{\"size\": {\"height\": 7}, \"mean\": [1, 2.5], \"crop\": null}");
    var settings = JsonSettings.read(file);
    assertThat(settings.integer("size.height")).isEqualTo(7);
    assertThat(settings.decimals("mean")).containsExactly(1.0, 2.5);
    assertThat(settings.find("crop")).isEmpty();
    List<?> mean = (List<?>) settings.find("mean").orElseThrow();
    assertThatThrownBy(mean::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1]",
        "null",
        "{} {}",
        "{\"a\": NaN}",
        "{\"a\": 1e999}",
        "{\"a\": nil}",
        "{\"a\": 1, \"a\": 2}",
        "",
        "{"
      })
  void whatIsNotOneObjectIsRefused(String text) {
    assertThatThrownBy(() -> JsonSettings.parse("p.json", Packages.bytes(text)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith("p.json");
  }

  @Test
  void everyKindOfValueSurvivesWritingAndReading() {
    String text =
        "{\"a\": [1, -7000000000, 0.1, 1e300, true, false, null, \"x\\n\\u00e9\", [], {}]}";
    var tree = JsonSettings.parse("p.json", Packages.bytes(text)).asMap();
    assertThat(JsonSettings.parse("p.json", JsonSettings.write(tree)).asMap()).isEqualTo(tree);
    assertThat(new ArrayList<Object>((List<?>) tree.get("a")))
        .contains(-7_000_000_000L, 0.1, "x\n\u00e9");
  }

  private static ModelManifest parse(String text) {
    return ModelManifestJson.parse("here.json", Packages.bytes(text));
  }
}
