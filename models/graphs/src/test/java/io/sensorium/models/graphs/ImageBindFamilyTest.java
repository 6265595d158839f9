package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBindFamilyTest {
  private static final Path REFERENCE = Path.of("..", "reference");
  private static final Path SAVED = REFERENCE.resolve("imagebind-pth/checkpoint");
  private static final Path WITHOUT_THERMAL = REFERENCE.resolve("imagebind-safetensors/checkpoint");
  private static final String CONSTRUCTOR = "constructor.json";
  private static final long SEED = 20261121;
  private static final List<String> VALUES =
      List.of("0", "-1", "1", "2", "7", "16777216", "9223372036854775808", "0.5", "\"x\"", "null");

  @TempDir Path folder;

  @Test
  void everyTrunkBecomesAGraphThatReadsTheSavedFileInPlace() {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(SAVED)) {
      AuthoredModel model = GraphAuthor.author(checkpoint);
      assertThat(model.architecture()).isEqualTo("imagebind");
      assertThat(model.licence()).contains(new ModelLicence("CC-BY-NC-SA-4.0", false));
      assertThat(model.weightFiles()).containsExactly("imagebind_tiny.pth");
      assertThat(model.converted()).isEmpty();
      assertThat(model.graphs())
          .extracting(AuthoredGraph::name)
          .containsExactly("vision", "text", "audio", "depth", "thermal", "imu");
      assertThat(model.graphs())
          .extracting(graph -> graph.modality().orElseThrow())
          .containsExactly(
              Modality.IMAGE,
              Modality.TEXT,
              Modality.AUDIO,
              new Modality("depth"),
              new Modality("thermal"),
              new Modality("imu"));
      assertThat(model.graphs())
          .extracting(graph -> graph.inputs().getFirst().name())
          .containsExactly("vision", "input_ids", "audio", "depth", "thermal", "imu");
      assertThat(model.graphs())
          .allSatisfy(
              graph ->
                  assertThat(graph.outputs().getFirst().name())
                      .isEqualTo(graph.name() + "_embeds"));
      assertThat(model.graphs().get(2).inputs().getFirst().signature())
          .isEqualTo("float32[n,n,1,24,43]");
      assertThat(model.graphs().get(1).inputs().getFirst().signature()).isEqualTo("int64[n,11]");
    }
  }

  @Test
  void whatFilesBecomeIsDeclaredAsTheReferenceDoesIt() {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(WITHOUT_THERMAL)) {
      List<AuthoredGraph> graphs = GraphAuthor.author(checkpoint).graphs();
      assertThat(graphs)
          .extracting(AuthoredGraph::name)
          .containsExactly("vision", "text", "audio", "depth", "imu");
      assertThat(graphs.get(0).preprocessing())
          .containsEntry("size", Map.of("height", 28, "width", 28));
      assertThat(graphs.get(1).preprocessing()).containsEntry("max_length", 16);
      assertThat((Double) graphs.get(1).calibration().get("temperature")).isBetween(0.0099, 0.0101);
      assertThat(graphs.get(2).preprocessing())
          .containsEntry("feature_extractor_type", "ImageBindAudio")
          .containsEntry("target_length", 204);
    }
  }

  @Test
  void theConstructorsArgumentsMustFitTheTensors() throws IOException {
    copySaved();
    String constructor = Files.readString(SAVED.resolve(CONSTRUCTOR));
    Files.writeString(
        folder.resolve(CONSTRUCTOR),
        constructor
            .replace("\"vision_num_heads\": 3", "\"vision_num_heads\": 7")
            .replace("\"audio_target_len\": 43", "\"audio_target_len\": 53"));
    assertRefused(
        "vision_num_heads must be a divisor of the trunk's width 24 (16 unless constructor.json",
        "audio.pos_embedding_helper.pos_embed' must be [1,41,20]; got [1,33,20]");
    Files.delete(folder.resolve(CONSTRUCTOR));
    assertRefused(
        "a divisor of the trunk's width 24 (16 unless constructor.json tells); got nothing");
  }

  @Test
  void everyTensorThatATrunkLacksIsListed() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (SafetensorsFile file =
        SafetensorsFile.open(WITHOUT_THERMAL.resolve("model.safetensors"))) {
      file.names().forEach(name -> tensors.put(name, file.tensor(name)));
      tensors.remove("modality_trunks.audio.blocks.1.attn.bias_v");
      tensors.remove("modality_trunks.vision.blocks.0.attn.in_proj_bias");
      tensors.remove("modality_postprocessors.imu.1.log_logit_scale");
      tensors.put(
          "modality_preprocessors.depth.cls_token", Tensor.ofFloats(Shape.of(1), Float.NaN));
      SafetensorsWriter.writeTensors(folder.resolve("model.safetensors"), tensors, Map.of());
    }
    assertRefused(
        "'modality_trunks.audio.blocks.1.attn.bias_v' [1,1,24] is missing",
        "'modality_trunks.vision.blocks.0.attn.in_proj_bias' [96] is missing",
        "'modality_postprocessors.imu.1.log_logit_scale' [] is missing",
        "'modality_preprocessors.depth.cls_token' must be [1,1,24]; got [1]");
  }

  @Test
  void aConfigurationOfAnotherFamilyIsBelieved() throws IOException {
    copySaved();
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"resnet\"}");
    assertRefused("got 'resnet'");
  }

  @Test
  void randomArgumentsAreRefusedCleanly() throws IOException {
    copySaved();
    ObjectMapper mapper = new ObjectMapper();
    Random random = new Random(SEED);
    int refused = 0;
    for (int round = 0; round < 100; round++) {
      ObjectNode constructor = (ObjectNode) mapper.readTree(SAVED.resolve(CONSTRUCTOR).toFile());
      constructor.put("video_frames", 2);
      List<String> keys = constructor.propertyStream().map(Map.Entry::getKey).toList();
      for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
        String value = VALUES.get(random.nextInt(VALUES.size()));
        constructor.set(keys.get(random.nextInt(keys.size())), mapper.readTree(value));
      }
      Files.writeString(folder.resolve(CONSTRUCTOR), constructor.toString());
      refused += authorOrRefuse() ? 0 : 1;
    }
    assertThat(refused).as("seed %d", SEED).isBetween(25, 99);
  }

  /** Shapes are read from a stranger's file before anything is known of them. */
  @Test
  void randomShapesAreRefusedCleanly() throws IOException {
    Random random = new Random(SEED);
    long[] sizes = {0, 1, 2, 3, 5, 16, 1 << 20};
    int refused = 0;
    try (SafetensorsFile file =
        SafetensorsFile.open(WITHOUT_THERMAL.resolve("model.safetensors"))) {
      for (int round = 0; round < 60; round++) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        file.names().forEach(name -> tensors.put(name, file.tensor(name)));
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
          String name = file.names().get(random.nextInt(file.names().size()));
          long[] shape = new long[random.nextInt(6)];
          for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] =
                axis == 0 ? sizes[random.nextInt(5)] : sizes[random.nextInt(sizes.length)];
          }
          if (shape.length > 0) {
            shape[random.nextInt(shape.length)] = 0;
          }
          float[] values = new float[shape.length == 0 ? 1 : 0];
          tensors.put(name, Tensor.ofFloats(Shape.of(shape), values));
        }
        SafetensorsWriter.writeTensors(folder.resolve("model.safetensors"), tensors, Map.of());
        refused += authorOrRefuse() ? 0 : 1;
      }
    }
    assertThat(refused).as("seed %d", SEED).isBetween(40, 60);
  }

  private boolean authorOrRefuse() {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      GraphAuthor.author(checkpoint);
      return true;
    } catch (ModelLoadException expected) {
      return false;
    }
  }

  private void copySaved() throws IOException {
    for (String name : List.of(CONSTRUCTOR, "imagebind_tiny.pth")) {
      Files.copy(SAVED.resolve(name), folder.resolve(name));
    }
  }

  private void assertRefused(String... messages) {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      var refused =
          assertThatThrownBy(() -> GraphAuthor.author(checkpoint))
              .isInstanceOf(ModelLoadException.class);
      for (String message : messages) {
        refused.hasMessageContaining(message);
      }
    }
  }
}
