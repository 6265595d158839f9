package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.ModelLoadException;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What CLIP, OpenCLIP and SigLIP checkpoints declare beside their graphs, and what is refused. */
class ContrastiveProblemsTest {
  private static final Path REFERENCE = Path.of("..", "reference");

  @TempDir Path folder;

  @Test
  void pictureResolutionsThatVaryAreRefusedByName() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"siglip2\"}");
    assertThatAuthoring()
        .hasMessageContaining("model_type must be 'siglip', SigLIP 2 of fixed resolution included")
        .hasMessageContaining("got 'siglip2'")
        .hasMessageContaining("NaFlex");
  }

  @Test
  void towersThatOpenClipBorrowsAreRefusedTogether() throws IOException {
    copyOpenClip(
        config ->
            config
                .replace("\"width\": 64", "\"width\": 64, \"timm_model_name\": \"vit_base\"")
                .replace(
                    "\"heads\": 2",
                    "\"heads\": 2, \"hf_model_name\": \"roberta\", \"qk_norm\": true")
                .replace("\"layers\": 2", "\"layers\": 2, \"pool_type\": \"all\""));
    assertThatAuthoring()
        .hasMessageContaining("model_cfg.vision_cfg.timm_model_name must be absent; got vit_base")
        .hasMessageContaining("model_cfg.text_cfg.hf_model_name must be absent; got roberta")
        .hasMessageContaining("model_cfg.text_cfg.qk_norm must be absent; got true")
        .hasMessageContaining("model_cfg.vision_cfg.pool_type must be one of [avg, tok]; got all")
        .hasMessageContaining(
            "model_cfg.text_cfg.pool_type must be one of [argmax, eos, first, last]; got all");
  }

  @Test
  void residualNetworksAreRefused() throws IOException {
    copyOpenClip(config -> config.replaceFirst("\"layers\": 2", "\"layers\": [3, 4, 6, 3]"));
    assertThatAuthoring()
        .hasMessageContaining("layers must be an integer in [1, 1000]; got [3, 4, 6, 3]");
  }

  @Test
  void openClipsPreprocessingIsDeclaredForTheEncoder() throws IOException {
    try (CheckpointFolder checkpoint = open("openclip-squash")) {
      List<AuthoredGraph> graphs = GraphAuthor.author(checkpoint).graphs();
      assertThat(graphs.getFirst().preprocessing())
          .containsEntry("size", Map.of("height", 24, "width", 40))
          .containsEntry("resize_mode", "squash")
          .containsEntry("interpolation", "bilinear")
          .containsEntry("image_std", List.of(0.25, 0.5, 1.0));
      assertThat(graphs.getLast().preprocessing())
          .containsEntry("max_length", 16)
          .containsEntry("pad_token_id", 0);
    }
  }

  @Test
  void clipWithoutAProcessorFileIsSeenAsTheReferencesDefaultSeesIt() throws IOException {
    Path original = REFERENCE.resolve("clip-vision-projected").resolve("checkpoint");
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(original.resolve(name), folder.resolve(name));
    }
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      assertThat(GraphAuthor.author(checkpoint).graphs().getFirst().preprocessing())
          .containsEntry("image_processor_type", "CLIPImageProcessor")
          .containsEntry("size", Map.of("shortest_edge", 21))
          .containsEntry("crop_size", Map.of("height", 21, "width", 21))
          .containsEntry("resample", 3);
    }
  }

  @Test
  void temperatureAndBiasComeFromTheWeights() throws IOException {
    try (CheckpointFolder clip = open("clip-legacy");
        CheckpointFolder siglip = open("siglip2-interpolated")) {
      AuthoredGraph vision = GraphAuthor.author(clip).graphs().getFirst();
      assertThat((double) vision.calibration().get("temperature"))
          .isCloseTo(Math.exp(-3.1), within(1e-7));
      assertThat(vision.calibration()).doesNotContainKeys("bias", "probability");
      assertThat(GraphAuthor.author(siglip).graphs().getFirst().calibration())
          .containsEntry("bias", -16.0)
          .containsEntry("probability", "sigmoid");
    }
  }

  private interface Edit {
    String apply(String config);
  }

  private void copyOpenClip(Edit edit) throws IOException {
    Path original = REFERENCE.resolve("openclip-shortest").resolve("checkpoint");
    String weights = "open_clip_model.safetensors";
    String config = "open_clip_config.json";
    Files.copy(original.resolve(weights), folder.resolve(weights));
    String edited = edit.apply(Files.readString(original.resolve(config)));
    Files.writeString(folder.resolve(config), edited);
  }

  private static CheckpointFolder open(String name) {
    return CheckpointFolder.open(REFERENCE.resolve(name).resolve("checkpoint"));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertThatAuthoring() {
    return assertThatThrownBy(
            () -> {
              try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
                GraphAuthor.author(checkpoint);
              }
            })
        .isInstanceOf(ModelLoadException.class);
  }
}
