package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointProblemsTest {
  private static final Path VIT = Path.of("../reference/vit-projected/checkpoint");

  @TempDir Path folder;
  private String config;

  @BeforeEach
  void copyCheckpoint() throws IOException {
    config = Files.readString(VIT.resolve("config.json"));
    Files.copy(VIT.resolve("model.safetensors"), folder.resolve("model.safetensors"));
  }

  @Test
  void unknownFamiliesAreNamedBesideTheKnownOnes() throws IOException {
    assertThatAuthoring(config.replace("\"vit\"", "\"resnet\""))
        .hasMessageContaining("must be one of [audio-spectrogram-transformer")
        .hasMessageContaining("'resnet'");
    assertThatAuthoring("{}").hasMessageContaining("'model_type'");
    assertThat(GraphAuthor.families()).contains("vit");
  }

  @Test
  void everyMissingAndMisshapenTensorIsListed() throws IOException {
    assertThatAuthoring(
            config
                .replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4")
                .replace("\"projection_dim\": 24", "\"projection_dim\": 25"))
        .hasMessageContaining("tensor 'encoder.layer.3.layernorm_before.weight' [48] is missing")
        .hasMessageContaining("tensor 'encoder.layer.3.output.dense.bias' [48] is missing")
        .hasMessageContaining("'visual_projection.weight' must be [25,48]; got [24,48]")
        .hasMessageContaining(folder.toRealPath().toString());
  }

  @Test
  void aProblemThatIsFoundAgainIsListedOnce() {
    var problems = new Problems();
    problems.add("tensor 'b' [3] is missing");
    problems.add("tensor 'a' must be [2]; got [3]");
    problems.add("tensor 'b' [3] is missing");
    assertThatThrownBy(() -> problems.throwIfAny("it"))
        .hasMessage(
            "it cannot be turned into a graph: tensor 'b' [3] is missing;"
                + " tensor 'a' must be [2]; got [3]");
  }

  @Test
  void longListsAreCut() throws IOException {
    assertThatAuthoring(config.replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 40"))
        .hasMessageContaining("and 568 more");
  }

  @Test
  void everyStrangeConfigurationValueIsListed() throws IOException {
    assertThatAuthoring(
            config
                .replace("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"swoosh\"")
                .replace("\"image_size\": 40", "\"image_size\": [40, -8]")
                .replace("\"num_attention_heads\": 3", "\"num_attention_heads\": 5")
                .replace("\"qkv_bias\": true", "\"qkv_bias\": \"maybe\"")
                .replace("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2000000000")
                .replace("\"intermediate_size\": 96", "\"intermediate_size\": 9.5"))
        .hasMessageContaining("hidden_act must be one of")
        .hasMessageContaining("'swoosh'")
        .hasMessageContaining("image_size must be an integer in [1, 16777216]; got -8")
        .hasMessageContaining("num_attention_heads must be a divisor of hidden_size; got 5")
        .hasMessageContaining("'qkv_bias'")
        .hasMessageContaining("num_hidden_layers must be an integer in [1, 1000]; got 2000000000")
        .hasMessageContaining("intermediate_size must be an integer in [1, 16777216]; got 9.5");
  }

  @Test
  void patchesLargerThanTheImageAreRefused() throws IOException {
    assertThatAuthoring(config.replace("\"patch_size\": 8", "\"patch_size\": 64"))
        .hasMessageContaining("patch_size must be at most the size of what is cut; got 64");
  }

  @Test
  void weightsThatAreNotFiniteAreRefused() throws IOException {
    Path weights = folder.resolve("model.safetensors");
    long offset;
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      offset = file.info("layernorm.weight").offset();
    }
    byte[] bytes = Files.readAllBytes(weights);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat((int) offset + 4 * 47, Float.NEGATIVE_INFINITY);
    Files.write(weights, bytes);
    assertThatAuthoring(config).hasMessageContaining("'layernorm.weight' holds NaN or infinity");
  }

  @Test
  void aProjectionNeedsItsSizeAndItsWeight() throws IOException {
    assertThatAuthoring(config.replace("\"projection_dim\": 24,", ""))
        .hasMessageContaining("projection_dim must be an integer");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertThatAuthoring(String json)
      throws IOException {
    Files.writeString(folder.resolve("config.json"), json);
    return assertThatThrownBy(
            () -> {
              try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
                GraphAuthor.author(checkpoint);
              }
            })
        .isInstanceOf(ModelLoadException.class);
  }
}
