package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.api.ModelLoadException;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a checkpoint says, authoring it succeeds or fails with a ModelLoadException. */
class HostileCheckpointTest {
  private static final Path REFERENCE = Path.of("..", "reference");
  private static final long SEED = 20261120;
  private static final List<String> VALUES =
      List.of(
          "0",
          "-1",
          "1",
          "2",
          "7",
          "16777216",
          "2147483648",
          "9223372036854775808",
          "1e300",
          "0.5",
          "\"x\"",
          "\"gelu\"",
          "true",
          "null",
          "[]",
          "{}",
          "[1, 2]",
          "[16777216, 16777216]");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vit-projected",
        "vit-pooled",
        "ast-overlapping",
        "whisper-80-mels",
        "clap-shifted",
        "bert-plain",
        "roberta-plain"
      })
  void randomConfigurationsAreRefusedCleanly(String name) throws IOException {
    Path original = REFERENCE.resolve(name).resolve("checkpoint");
    for (String file : List.of("model.safetensors", "preprocessor_config.json")) {
      if (Files.exists(original.resolve(file))) {
        Files.copy(original.resolve(file), folder.resolve(file));
      }
    }
    ObjectMapper mapper = new ObjectMapper();
    Random random = new Random(SEED);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      ObjectNode config = (ObjectNode) mapper.readTree(original.resolve("config.json").toFile());
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        String value = VALUES.get(random.nextInt(VALUES.size()));
        ObjectNode changed = oneOf(config, random);
        List<String> keys = new ArrayList<>();
        changed.fieldNames().forEachRemaining(keys::add);
        changed.set(keys.get(random.nextInt(keys.size())), mapper.readTree(value));
      }
      Files.writeString(folder.resolve("config.json"), config.toString());
      refused += authorOrRefuse() ? 0 : 1;
    }
    assertThat(refused).as("seed %d", SEED).isBetween(50, 299);
  }

  @Test
  void randomlyDamagedExportsAreRefusedCleanly() throws IOException {
    byte[] export;
    try (CheckpointFolder vit =
        CheckpointFolder.open(REFERENCE.resolve("vit-pooled").resolve("checkpoint"))) {
      GraphAuthor.author(vit).graphs().getFirst().writeTo(folder.resolve("model.onnx"));
      export = Files.readAllBytes(folder.resolve("model.onnx"));
      Files.copy(vit.requireFile("model.safetensors"), folder.resolve("model.safetensors"));
    }
    Files.writeString(
        folder.resolve("modules.json"),
        """
        [{"type": "models.Transformer", "path": ""}, {"type": "models.Pooling", "path": "p"}]
        """);
    Files.createDirectories(folder.resolve("p"));
    Files.writeString(folder.resolve("p/config.json"), "{\"pooling_mode_cls_token\": true}");
    assertThat(authorOrRefuse()).isTrue();
    assertThat(refusedOf(500, export)).as("seed %d", SEED).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"export-clip", "export-ast"})
  void randomlyDamagedExportsOfTowersAreRefusedCleanly(String name) throws IOException {
    Path original = REFERENCE.resolve(name).resolve("checkpoint");
    for (String file : List.of("config.json", "model.onnx", "model.onnx_data")) {
      if (Files.exists(original.resolve(file))) {
        Files.copy(original.resolve(file), folder.resolve(file));
      }
    }
    assertThat(authorOrRefuse()).isTrue();
    byte[] export = Files.readAllBytes(folder.resolve("model.onnx"));
    assertThat(refusedOf(300, export)).as("seed %d", SEED).isGreaterThan(30);
  }

  /** How many damaged copies of {@code model.onnx} are refused. */
  private int refusedOf(int rounds, byte[] export) throws IOException {
    Random random = new Random(SEED);
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      byte[] damaged = export.clone();
      for (int flips = 1 + random.nextInt(20); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(folder.resolve("model.onnx"), damaged);
      refused += authorOrRefuse() ? 0 : 1;
    }
    return refused;
  }

  /** The configuration, or that of one of its parts. */
  private static ObjectNode oneOf(ObjectNode config, Random random) {
    List<ObjectNode> objects = new ArrayList<>(List.of(config));
    config.forEach(
        value -> {
          if (value instanceof ObjectNode object && !object.isEmpty()) {
            objects.add(object);
          }
        });
    return objects.get(objects.size() == 1 ? 0 : random.nextInt(objects.size()));
  }

  private boolean authorOrRefuse() {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      GraphAuthor.author(checkpoint);
      return true;
    } catch (ModelLoadException expected) {
      return false;
    }
  }
}
