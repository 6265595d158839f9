package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.ModelLoadException;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClapFamilyTest {
  private static final Path CLAP = Path.of("../reference/clap-shifted/checkpoint");

  @TempDir Path folder;

  @Test
  void fusedCheckpointsAreRefused() throws IOException {
    assertThatAuthoring("\"enable_fusion\": false", "\"enable_fusion\": true")
        .hasMessageContaining(
            "audio_config.enable_fusion must be false, as checkpoints with feature fusion are not"
                + " supported; got true");
  }

  @Test
  void sizesThatDoNotFitTogetherAreNamed() throws IOException {
    assertThatAuthoring("\"spec_size\": 64", "\"spec_size\": 40")
        .hasMessageContaining("audio_config.num_mel_bins must be a divisor of spec_size; got 16");
    assertThatAuthoring("\"spec_size\": 64", "\"spec_size\": 16")
        .hasMessageContaining("spec_size must be enough for the feature extractor's 101 frames")
        .hasMessageContaining("window_size must be at most the last stage's grid");
    assertThatAuthoring("\"patch_size\": 4", "\"patch_size\": 8")
        .hasMessageContaining("audio_config.patch_stride must be patch_size, both square");
    assertThatAuthoring("\"mlp_ratio\": 4.0", "\"mlp_ratio\": -1")
        .hasMessageContaining("audio_config.mlp_ratio must be positive and at most 64; got -1");
  }

  @Test
  void eachTowerHasItsOwnTemperature() {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(CLAP)) {
      for (AuthoredGraph graph : GraphAuthor.author(checkpoint).graphs()) {
        String scale = graph.name().equals("audio") ? "logit_scale_a" : "logit_scale_t";
        float logarithm = checkpoint.weights().get(scale).tensor().asFloats().get(0);
        assertThat((double) graph.calibration().get("temperature"))
            .as(graph.name())
            .isCloseTo(Math.exp(-logarithm), within(1e-9));
      }
    }
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertThatAuthoring(
      String said, String instead) throws IOException {
    for (String file : new String[] {"model.safetensors", "preprocessor_config.json"}) {
      if (Files.notExists(folder.resolve(file))) {
        Files.copy(CLAP.resolve(file), folder.resolve(file));
      }
    }
    String config = Files.readString(CLAP.resolve("config.json"));
    assertThat(config).contains(said);
    Files.writeString(folder.resolve("config.json"), config.replace(said, instead));
    return assertThatThrownBy(
            () -> {
              try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
                GraphAuthor.author(checkpoint);
              }
            })
        .isInstanceOf(ModelLoadException.class);
  }
}
