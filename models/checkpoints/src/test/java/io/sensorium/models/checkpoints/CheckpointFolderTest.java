package io.sensorium.models.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {
  @TempDir Path root;

  @Test
  void readsASingleFile() throws IOException {
    writeTensor(root.resolve("model.safetensors"), "w", 3);
    write("config.json", "{\"model_type\":\"vit\"}");
    try (CheckpointFolder folder = CheckpointFolder.open(root)) {
      assertThat(folder.config().text("model_type")).isEqualTo("vit");
      assertThat(folder.weights().get("w").file()).isEqualTo("model.safetensors");
      assertThat(
              folder
                  .weights()
                  .get("w")
                  .tensor()
                  .data()
                  .get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0))
          .isEqualTo((byte) 3);
      assertThat(folder.settings("preprocessor_config.json")).isEmpty();
    }
  }

  @Test
  void whatIsNoJsonIsToldWithItsPlaceAndWhatWasExpected() throws IOException {
    writeTensor(root.resolve("model.safetensors"), "w", 3);
    write("config.json", "{\n  \"model_type\" \"vit\"}");
    assertThatThrownBy(
            () -> {
              try (CheckpointFolder folder = CheckpointFolder.open(root)) {
                folder.config();
              }
            })
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("config.json is not the JSON that was expected (line 2, column 16)")
        .hasMessageContaining("was expecting a colon")
        .hasMessageNotContainingAny("Source", "REDACTED");
  }

  @Test
  void readsShardsAndFoldersOfModules() throws IOException {
    writeTensor(root.resolve("model-1.safetensors"), "a", 1);
    writeTensor(root.resolve("model-2.safetensors"), "b", 2);
    write(
        "model.safetensors.index.json",
        "{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}");
    Files.createDirectories(root.resolve("2_Dense"));
    writeTensor(root.resolve("2_Dense/model.safetensors"), "linear.weight", 5);
    write(
        "modules.json",
        "[{\"idx\":0,\"path\":\"\",\"type\":\"sentence_transformers.models.Transformer\"},"
            + "{\"idx\":1,\"path\":\"2_Dense\",\"type\":\"sentence_transformers.models.Dense\"}]");
    try (CheckpointFolder folder = CheckpointFolder.open(root)) {
      assertThat(folder.weights()).containsOnlyKeys("a", "b");
      assertThat(folder.weights().get("b").file()).isEqualTo("model-2.safetensors");
      assertThat(folder.hasSentenceModules()).isTrue();
      assertThat(folder.sentenceModules())
          .containsExactly(
              new SentenceModule("Transformer", ""), new SentenceModule("Dense", "2_Dense"));
      assertThat(folder.weights("2_Dense").get("linear.weight").file())
          .isEqualTo("2_Dense/model.safetensors");
    }
  }

  @Test
  void readsWhatPyTorchSavedWhereThereIsNothingElse() throws IOException {
    Path saved = Path.of("..", "reference", "torch-files", "state.pth");
    Files.copy(saved, root.resolve("imagebind_huge.pth"));
    Files.write(root.resolve("optimizer.pt"), new byte[3]);
    assertThat(fileOfRows()).isEqualTo("imagebind_huge.pth");
    Files.copy(saved, root.resolve("another.pt"));
    assertRefused("it has [another.pt, imagebind_huge.pth]");
    Files.copy(saved, root.resolve("open_clip_pytorch_model.bin"));
    assertThat(fileOfRows()).isEqualTo("open_clip_pytorch_model.bin");
    Files.copy(saved, root.resolve("pytorch_model-1.bin"));
    write("pytorch_model.bin.index.json", "{\"weight_map\":{\"rows\":\"pytorch_model-1.bin\"}}");
    assertThat(fileOfRows()).isEqualTo("pytorch_model-1.bin");
    writeTensor(root.resolve("model.safetensors"), "rows", 1);
    assertThat(fileOfRows()).isEqualTo("model.safetensors");
  }

  private String fileOfRows() {
    try (CheckpointFolder folder = CheckpointFolder.open(root)) {
      return folder.weights().get("rows").file();
    }
  }

  @Test
  void refusesAnIndexThatLies() throws IOException {
    writeTensor(root.resolve("model-1.safetensors"), "a", 1);
    String index = "model.safetensors.index.json";
    write(index, "{\"weight_map\":{\"a\":\"../outside.safetensors\"}}");
    assertRefused("beside it");
    write(index, "{\"weight_map\":{\"a\":\"" + index + "\"}}");
    assertRefused("beside it");
    write(index, "{\"weight_map\":{\"b\":\"model-1.safetensors\"}}");
    assertRefused("b in model-1.safetensors");
    write(index, "{\"weight_map\":{\"a\":\"model-3.safetensors\"}}");
    assertRefused("has no model-3.safetensors");
    write(index, "{\"weight_map\":[]}");
    assertRefused("no weight_map");
  }

  @Test
  void refusesNamesAndLinksThatLeaveTheFolder() throws IOException {
    Path checkpoint = Files.createDirectory(root.resolve("checkpoint"));
    Path secret = Files.writeString(root.resolve("secret.json"), "{}");
    Files.createSymbolicLink(checkpoint.resolve("config.json"), secret);
    try (CheckpointFolder folder = CheckpointFolder.open(checkpoint)) {
      assertThatThrownBy(() -> folder.file("../secret.json"))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("leaves the checkpoint");
      assertThatThrownBy(folder::config)
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("outside the checkpoint");
    }
  }

  @Test
  void followsTheLinksOfAHuggingFaceCache() throws IOException {
    Path blobs = Files.createDirectories(root.resolve("models--x--y/blobs"));
    Path snapshot = Files.createDirectories(root.resolve("models--x--y/snapshots/abc"));
    Files.writeString(blobs.resolve("0123"), "{\"model_type\":\"clip\"}");
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/0123"));
    try (CheckpointFolder folder = CheckpointFolder.open(snapshot)) {
      assertThat(folder.config().text("model_type")).isEqualTo("clip");
    }
  }

  @Test
  void saysWhichFileIsMissingOrBroken() throws IOException {
    try (CheckpointFolder folder = CheckpointFolder.open(root)) {
      assertThatThrownBy(folder::config).hasMessageContaining("has no config.json");
      assertThat(folder.weights()).isEmpty();
      for (String broken : new String[] {"[]", "{", "null", "{} {}", "{\"a\":1,\"a\":2}"}) {
        write("config.json", broken);
        assertThatThrownBy(folder::config)
            .as(broken)
            .isInstanceOf(ModelLoadException.class)
            .hasMessageContaining("config.json");
      }
    }
    assertThatThrownBy(() -> CheckpointFolder.open(root.resolve("nowhere")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("nowhere");
  }

  private void assertRefused(String message) {
    try (CheckpointFolder folder = CheckpointFolder.open(root)) {
      assertThatThrownBy(folder::weights)
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining(message);
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(root.resolve(name), text);
  }

  private static void writeTensor(Path file, String name, int value) throws IOException {
    byte[] json =
        "{\"%s\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}"
            .formatted(name)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(9 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).put((byte) value).array());
  }
}
