package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelPlan;
import io.sensorium.api.model.Precision;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPlannerTest {
  private static final Path VIT = Path.of("../reference/vit-projected/checkpoint");

  @TempDir Path folder;

  @Test
  void theFormulaGivesTheWorkedExample() {
    Map<String, Object> config =
        Map.of(
            "hidden_size",
            768,
            "num_hidden_layers",
            12,
            "vocab_size",
            50_000,
            "num_attention_heads",
            12,
            "intermediate_size",
            3072);
    long parameters = estimate(config);
    assertThat(parameters).isEqualTo(123_417_600L);
    assertThat(ElementType.FLOAT32.bytes() * parameters).isEqualTo(493_670_400L);
  }

  @Test
  void gatedLayersAndSharedHeadsCountAsTheyAre() {
    Map<String, Object> config =
        Map.of(
            "model_type",
            "llama",
            "hidden_size",
            64,
            "num_hidden_layers",
            2,
            "vocab_size",
            100,
            "num_attention_heads",
            8,
            "num_key_value_heads",
            2,
            "intermediate_size",
            96);
    long attention = 64 * (8 + 2 * 2) * 8 + 8 * 8 * 64;
    assertThat(estimate(config)).isEqualTo(100 * 64 + 2 * (attention + 3 * 64 * 96 + 4 * 64));
  }

  @Test
  void towersAddUpAndOtherConfigurationsHaveNoEstimate() {
    Map<String, Object> tower =
        Map.of("hidden_size", 8, "num_hidden_layers", 1, "intermediate_size", 16, "patch_size", 2);
    Map<String, Object> both = Map.of("vision_config", tower, "text_config", tower);
    assertThat(estimate(both)).isEqualTo(2 * estimate(tower));
    assertThat(ParameterEstimate.of(Settings.of("c", Map.of())).parameters()).isEmpty();
  }

  @Test
  void whatAGraphReadsIsCountedExactly() {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(VIT)) {
      ModelPlan plan = ModelPlanner.plan(checkpoint, Precision.FLOAT32, 4);
      AuthoredModel model = GraphAuthor.author(checkpoint);
      long read =
          model.graphs().getFirst().weights().values().stream()
              .mapToLong(stored -> stored.info().shape().elements())
              .sum();
      assertThat(plan.parameters()).isEqualTo(read);
      assertThat(plan.estimate().orElseThrow()).isBetween(read * 8 / 10, read);
      assertThat(plan.bytes().keySet()).containsExactly("fp32", "fp16", "int8", "int4");
      assertThat(plan.bytes().get("fp32")).isEqualTo(4 * read);
      assertThat(plan.bytes().get("fp16")).isBetween(2 * read, 2 * read * 11 / 10);
      assertThat(plan.bytes().get("int8")).isBetween(read, 2 * read);
      GraphMemory vision = plan.graphs().getFirst().memory();
      assertThat(plan.workingBytes()).isEqualTo(4 * vision.workingBytes());
      assertThat(plan.trainingBytes()).isEqualTo(16 * read);
      assertThat(plan.kvBytesPerToken()).isZero();
      assertThat(plan.stateBytes()).isZero();
    }
  }

  @Test
  void decodersAndRecurrentModelsAreSizedThoughNoGraphCanBeWritten() throws IOException {
    write(
        """
        {"model_type": "olmo", "architectures": ["OlmoForCausalLM"], "hidden_size": 64,
         "num_hidden_layers": 2, "num_attention_heads": 8, "num_key_value_heads": 2,
         "intermediate_size": 96, "vocab_size": 100}
        """);
    ModelPlan decoder = plan();
    assertThat(decoder.kvBytesPerToken()).isEqualTo(2 * 2 * 8 * 2 * 2);
    assertThat(decoder.parameters()).isEqualTo(7 * 5);
    assertThat(decoder.graphs()).isEmpty();
    write(
        """
        {"model_type": "rwkv", "architectures": ["RwkvForCausalLM"], "hidden_size": 64,
         "num_hidden_layers": 3}
        """);
    assertThat(plan().stateBytes()).isEqualTo(4 * 5 * 64 * 3);
    assertThat(plan().kvBytesPerToken()).isZero();
    write(
        """
        {"model_type": "mamba", "hidden_size": 64, "num_hidden_layers": 3, "state_size": 16,
         "conv_kernel": 4, "expand": 2}
        """);
    assertThat(plan().stateBytes()).isEqualTo(4 * 3 * 128 * (3 + 16));
  }

  @Test
  void aConfigurationAloneIsEnoughForAnEstimateAndNothingIsNot() throws IOException {
    assertThatThrownBy(this::plan)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("a plan needs weights, or a config.json to estimate from");
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "bert", "hidden_size": 768, "num_hidden_layers": 12,
         "num_attention_heads": 12, "intermediate_size": 3072, "vocab_size": 50000}
        """);
    assertThat(plan().parameters()).isEqualTo(123_417_600);
    assertThat(plan().bytes()).containsEntry("fp32", 493_670_400L);
  }

  @Test
  void everyReferenceCanBePlanned() throws IOException {
    for (Path path : ReferenceParityTest.recordedCheckpoints()) {
      try (CheckpointFolder checkpoint = CheckpointFolder.open(path)) {
        ModelPlan plan = ModelPlanner.plan(checkpoint, Precision.INT8, 1);
        assertThat(plan.parameters()).as("%s", path).isPositive();
        assertThat(plan.graphs())
            .as("%s", path)
            .isNotEmpty()
            .allSatisfy(graph -> assertThat(graph.memory().workingBytes()).isPositive());
      }
    }
  }

  private static long estimate(Map<String, Object> config) {
    return ParameterEstimate.of(Settings.of("config.json", config)).parameters().orElseThrow();
  }

  private ModelPlan plan() {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      return ModelPlanner.plan(checkpoint, Precision.FLOAT32, 1);
    }
  }

  private void write(String config) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    Tensor tensor = Tensor.allocate(ElementType.FLOAT16, Shape.of(7, 5));
    for (String name : List.of("some.weight")) {
      SafetensorsWriter.writeTensors(
          folder.resolve("model.safetensors"), Map.of(name, tensor), Map.of());
    }
  }
}
