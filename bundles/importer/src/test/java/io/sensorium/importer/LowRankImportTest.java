package io.sensorium.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.language.LowRankAdapter.Factors;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.packages.LowRankFile;
import io.sensorium.models.packages.ModelManifestJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LowRankImportTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  private static final Path SOME = REFERENCE.resolve("lora-llama-grouped").resolve("some");
  private static final String QUERY = "base_model.model.model.layers.1.self_attn.q_proj.";

  @TempDir Path folder;

  private final CheckpointImporter importer = CheckpointImporter.withoutRuntime();
  private ModelPackage base;

  @BeforeEach
  void importBase() {
    base =
        importer.importCheckpoint(
            REFERENCE.resolve("llama-grouped").resolve("checkpoint"),
            folder.resolve("base"),
            ImportRequest.of("tiny"));
  }

  @Test
  void writesAPackageWithoutGraphsWhoseFactorsAreScaledByLayer() {
    ModelPackage imported = importer.importCheckpoint(SOME, folder.resolve("lora"), request());

    ModelManifest read = ModelManifestJson.read(folder.resolve("lora/model.json"));
    assertThat(read.task()).isEqualTo(ModelManifest.LORA);
    assertThat(read.graphs()).isEmpty();
    assertThat(LowRankFile.baseOf(read)).isEqualTo("tiny");
    try (LowRankFile file = LowRankFile.open(imported);
        SafetensorsFile peft = SafetensorsFile.open(SOME.resolve("adapter_model.safetensors"))) {
      Map<String, Factors> linears = file.adapter().linears();
      assertThat(linears).hasSize(9);
      // rank 3 and alpha 7, unless a pattern says otherwise; by the square root of the rank.
      assertThat(scale(linears, peft, "model.layers.0.self_attn.q_proj"))
          .isCloseTo(7 / Math.sqrt(3), within(1e-5));
      assertThat(scale(linears, peft, "model.layers.1.self_attn.q_proj"))
          .isCloseTo(7 / Math.sqrt(2), within(1e-5));
      assertThat(scale(linears, peft, "model.layers.2.self_attn.v_proj"))
          .isCloseTo(11 / Math.sqrt(3), within(1e-5));
      assertThat(scale(linears, peft, "model.layers.2.mlp.down_proj"))
          .isCloseTo(7 / Math.sqrt(5), within(1e-5));
    }
  }

  private static double scale(Map<String, Factors> linears, SafetensorsFile peft, String name) {
    Tensor up = linears.get(name).up();
    Tensor stored = peft.tensor("base_model.model." + name + ".lora_B.weight");
    int rank = linears.get(name).rank();
    int out = (int) up.shape().dimension(1);
    return up.asFloats().get(out + 3) / stored.asFloats().get(3 * rank + 1);
  }

  static List<Arguments> settings() {
    return List.of(
        Arguments.of("use_dora", true, "'use_dora' is not supported; got true"),
        Arguments.of("bias", "all", "'bias' is not supported; got all"),
        Arguments.of("modules_to_save", List.of("lm_head"), "'modules_to_save' is not supported"),
        Arguments.of("peft_type", "IA3", "'peft_type' must be LORA; got 'IA3'"),
        Arguments.of("init_lora_weights", "pissa_niter_4", "changes the base's weights"),
        Arguments.of("r", "three", "'r' must be a number; got three"),
        Arguments.of("r", 4, "of rank 4 must have lora_A [4,48] and lora_B [48,4]; got [3,48]"),
        Arguments.of("r", 1_000_000, "must be in 1..4096; got 1000000"),
        Arguments.of("rank_pattern", Map.of("(", 3), "is no pattern"),
        Arguments.of(
            "alpha_pattern",
            Map.of("(([a-z_.0-9]+)+)+!", 3),
            "a pattern must match 'model.layers"));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void refusesSettingsThatItDoesNotHonour(String key, Object value, String reason)
      throws IOException {
    Path peft = copy(config -> config.putPOJO(key, value), tensors -> {});
    assertThatThrownBy(() -> importer.importCheckpoint(peft, folder.resolve("x"), request()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(reason);
    assertThat(folder.resolve("x")).doesNotExist();
  }

  static List<Arguments> tensors() {
    return List.of(
        Arguments.of(
            QUERY + "lora_A.weight",
            Tensor.ofFloats(Shape.of(2, 47), new float[94]),
            "of rank 2 must have lora_A [2,48] and lora_B [48,2]; got [2,47] and [48,2]"),
        Arguments.of(
            QUERY + "lora_A.weight",
            Tensor.ofFloats(Shape.of(2, 48), notNumbers()),
            QUERY + "lora_A.weight' holds NaN or infinity"),
        Arguments.of(
            QUERY + "lora_A.weight",
            Tensor.allocate(ElementType.INT64, Shape.of(2, 48)),
            "must be one of"),
        Arguments.of(
            "base_model.model.model.layers.9.self_attn.q_proj.lora_A.weight",
            Tensor.ofFloats(Shape.of(3, 48), new float[144]),
            "'model.layers.9.self_attn.q_proj' must have both lora_A and lora_B"),
        Arguments.of(
            "base_model.model.lm_head.lora_embedding_A",
            Tensor.ofFloats(Shape.of(1), 1),
            "must be base_model.model.*.lora_A.weight or lora_B.weight"));
  }

  private static float[] notNumbers() {
    float[] values = new float[96];
    values[95] = Float.NaN;
    return values;
  }

  @ParameterizedTest
  @MethodSource("tensors")
  void refusesTensorsThatDoNotFit(String name, Tensor tensor, String reason) throws IOException {
    Path peft = copy(config -> {}, tensors -> tensors.put(name, tensor));
    assertThatThrownBy(() -> importer.importCheckpoint(peft, folder.resolve("x"), request()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void needsAModelThatItFits() {
    assertThatThrownBy(
            () -> importer.importCheckpoint(SOME, folder.resolve("x"), ImportRequest.of("lora")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("needs the installed model that it is for (--base)");
    ModelPackage encoder =
        importer.importCheckpoint(
            REFERENCE.resolve("vit-pooled").resolve("checkpoint"),
            folder.resolve("encoder"),
            ImportRequest.of("encoder"));
    assertThatThrownBy(
            () ->
                importer.importCheckpoint(
                    SOME, folder.resolve("x"), ImportRequest.of("lora").basedOn(encoder)))
        .hasMessageContaining("model encoder 1 takes no adapters");
    ModelPackage other =
        importer.importCheckpoint(
            REFERENCE.resolve("qwen3-wide-heads").resolve("checkpoint"),
            folder.resolve("other"),
            ImportRequest.of("other"));
    assertThatThrownBy(
            () ->
                importer.importCheckpoint(
                    SOME, folder.resolve("x"), ImportRequest.of("lora").basedOn(other)))
        .hasMessageContaining("must have lora_A [3,48] and lora_B [96,3]; got [3,48] and [48,3]");
    assertThatThrownBy(
            () ->
                importer.importCheckpoint(
                    SOME, folder.resolve("x"), request().with(Precision.INT8, 0.99)))
        .hasMessageContaining("an adapter is stored in fp32");
  }

  private ImportRequest request() {
    return ImportRequest.of("lora").basedOn(base);
  }

  private Path copy(Consumer<ObjectNode> config, Consumer<Map<String, Tensor>> tensors)
      throws IOException {
    Path target = Files.createDirectories(folder.resolve("peft"));
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode read = (ObjectNode) mapper.readTree(SOME.resolve("adapter_config.json").toFile());
    config.accept(read);
    mapper.writeValue(target.resolve("adapter_config.json").toFile(), read);
    try (SafetensorsFile weights =
        SafetensorsFile.open(SOME.resolve("adapter_model.safetensors"))) {
      Map<String, Tensor> all = new TreeMap<>();
      weights.names().forEach(name -> all.put(name, weights.tensor(name)));
      tensors.accept(all);
      SafetensorsWriter.writeTensors(target.resolve("adapter_model.safetensors"), all, Map.of());
    }
    return target;
  }
}
