package io.sensorium.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointExportTest {
  private static final TowerShape IMAGE = new TowerShape(3, 24, 24, 8, 1, 16, 2, 2, TextHead.WIDTH);
  private static final TowerShape AUDIO =
      new TowerShape(1, 32, 48, 16, 2, 12, 3, 3, TextHead.WIDTH);

  @TempDir Path folder;

  private JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(Files.readAllBytes(folder.resolve(file)));
  }

  private JsonNode header(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(file));
    return new ObjectMapper().readTree(bytes, 8, (bytes[0] & 0xFF) | ((bytes[1] & 0xFF) << 8));
  }

  private static List<String> names(JsonNode node) {
    var names = new ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void writesATowerAndAHeadThatHuggingFaceWouldLoad() throws IOException {
    ImageModel model = ImageModel.initialise(IMAGE, 1);
    CheckpointExport.image(folder, model, IMAGE, Map.of("thing", 0.01, "thing-label", 0.02));

    JsonNode config = json("world-image/config.json");
    assertThat(config.path("model_type").asText()).isEqualTo("vit");
    assertThat(config.path("intermediate_size").asInt()).isEqualTo(64);
    assertThat(config.path("logit_scale").asDouble()).isCloseTo(Math.log(10), within(1e-6));
    JsonNode tensors = header("world-image/model.safetensors");
    assertThat(names(tensors))
        .hasSize(1 + TowerParameters.count(IMAGE))
        .contains(
            "embeddings.cls_token",
            "encoder.layer.1.attention.attention.query.bias",
            "encoder.layer.0.layernorm_after.weight",
            "layernorm.bias",
            "visual_projection.weight")
        .doesNotContain("classifiers.weight", "logit_scale");
    assertThat(tensors.at("/embeddings.patch_embeddings.projection.weight/shape").toString())
        .isEqualTo("[16,3,8,8]");
    assertThat(tensors.at("/embeddings.position_embeddings/shape").toString())
        .isEqualTo("[1,10,16]");
    JsonNode calibration = json("world-image/calibration.json");
    assertThat(calibration.path("temperature").asDouble()).isEqualTo(0.02);
    assertThat(calibration.at("/temperatures/thing").asDouble()).isEqualTo(0.01);
    assertThat(calibration.path("prompts")).isNotEmpty().allMatch(p -> p.asText().contains("{}"));
  }

  @Test
  void writesTheTextHeadAsSentenceTransformersModules() throws IOException {
    Path golden = folder.resolve("world-text/golden.safetensors");
    Files.createDirectories(golden.getParent());
    Files.write(golden, new byte[] {1});
    CheckpointExport.image(folder, ImageModel.initialise(IMAGE, 1), IMAGE, Map.of());

    assertThat(golden).as("vectors of other weights").doesNotExist();

    var types = new ArrayList<String>();
    json("world-text/modules.json").forEach(module -> types.add(module.path("type").asText()));
    assertThat(types)
        .extracting(type -> type.substring(type.lastIndexOf('.') + 1))
        .containsExactly("Transformer", "Pooling", "Normalize", "Dense", "Dense", "Normalize");
    assertThat(json("world-text/3_Dense/config.json").path("activation_function").asText())
        .isEqualTo("torch.nn.modules.activation.GELU");
    assertThat(json("world-text/4_Dense/config.json").path("out_features").asInt())
        .isEqualTo(TextHead.WIDTH);
    JsonNode first = header("world-text/3_Dense/model.safetensors");
    assertThat(first.at("/linear.weight/shape").toString()).isEqualTo("[512,384]");
    JsonNode second = header("world-text/4_Dense/model.safetensors");
    assertThat(second.at("/linear.bias/shape").toString()).isEqualTo("[128]");
  }

  @Test
  void writesTheAudioTowerWithItsFeatures() throws IOException {
    CheckpointExport.audio(
        folder,
        BoundModel.initialise(AUDIO, 1),
        AUDIO,
        new SceneClips.Statistics(-5.5, 4.25),
        Map.of("thing-label", 0.03));

    JsonNode config = json("world-audio/config.json");
    assertThat(config.path("architectures").path(0).asText()).isEqualTo("ASTModel");
    assertThat(config.path("max_length").asInt()).isEqualTo(48);
    JsonNode features = json("world-audio/preprocessor_config.json");
    assertThat(features.path("num_mel_bins").asInt()).isEqualTo(32);
    assertThat(features.path("std").asDouble()).isEqualTo(4.25);
    JsonNode tensors = header("world-audio/model.safetensors");
    assertThat(tensors.at("/embeddings.position_embeddings/shape").toString())
        .isEqualTo("[1,8,12]");
    assertThat(names(tensors)).contains("embeddings.distillation_token", "audio_projection.weight");
  }

  @Test
  void theCardsCarryTheFigures() throws IOException {
    var figures = new Figures();
    figures.trained("image", 7, 128);
    figures.put("image", Map.of("combo.thing", 97.66));
    ModelCards.write(folder, figures);

    String card = Files.readString(folder.resolve("world-image/README.md"));
    assertThat(card).contains("on 896 pairs").contains("97.7 % / not measured").doesNotContain("{");
    assertThat(json("world-image/metrics.json").at("/percent/image/combo.thing").asDouble())
        .isEqualTo(97.7);
    assertThat(json("world-audio/metrics.json").path("percent")).isEmpty();
  }
}
