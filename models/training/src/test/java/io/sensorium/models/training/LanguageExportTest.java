package io.sensorium.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageExportTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final LanguageTokenizer tokenizer =
      new LanguageTokenizer(List.of(new BytePairTrainer.Merge("a", "b")));
  private final LlamaArchitecture architecture =
      new LlamaArchitecture(tokenizer.size(), 24, 40, 3, 4, 2, 6);

  @Test
  void whatIsWrittenIsALlamaCheckpointWithItsTokenizer() throws IOException {
    List<Parameter> parameters = architecture.initialise(3);
    LanguageExport.write(folder, architecture, tokenizer, parameters);

    JsonNode config = read("config.json");
    assertThat(config.path("model_type").asText()).isEqualTo("llama");
    assertThat(config.path("vocab_size").asInt()).isEqualTo(273);
    assertThat(config.path("num_key_value_heads").asInt()).isEqualTo(2);
    assertThat(config.path("tie_word_embeddings").asBoolean()).isTrue();
    assertThat(config.path("eos_token_id").asInt()).isEqualTo(LanguageTokenizer.id("<|end|>"));
    assertThat(read("tokenizer.json").at("/model/merges/0").asText()).isEqualTo("a b");
    assertThat(read("tokenizer_config.json").path("chat_template").asText())
        .contains("<|picture|>", "<|assistant|>");
    assertThat(read("generation_config.json").path("bos_token_id").asInt()).isEqualTo(1);
    try (var file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      assertThat(file.names()).hasSize(parameters.size()).hasSize(3 * 9 + 2);
      assertThat(file.info("model.layers.2.self_attn.k_proj.weight").shape())
          .isEqualTo(Shape.of(12, 24));
    }
  }

  @Test
  void aTokenizerOfAnotherSizeIsRefused() {
    var other = new LanguageTokenizer(List.of());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> LanguageExport.write(folder, architecture, other, architecture.initialise(1)))
        .withMessageContaining("273")
        .withMessageContaining("272");
  }

  private JsonNode read(String file) throws IOException {
    return JSON.readTree(Files.readAllBytes(folder.resolve(file)));
  }
}
