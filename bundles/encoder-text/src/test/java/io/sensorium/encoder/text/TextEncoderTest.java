package io.sensorium.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.media.MediaType;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses MiniLM's tokenizer.json, which asks for padding to 128 tokens that we must not do. */
class TextEncoderTest {
  private static final TensorSpec IDS = tokens("input_ids", -1);
  private static final TensorSpec MASK = tokens("attention_mask", -1);
  private static final TensorSpec TYPES = tokens("token_type_ids", -1);

  @TempDir static Path folder;

  private final TextEncoder encoder = new TextEncoder(new Utf8Decoder());

  private static final class Utf8Decoder implements MediaDecoder {
    @Override
    public Optional<MediaType> identify(MediaInput input) {
      return Optional.empty();
    }

    @Override
    public Image decodeImage(MediaInput input, MediaLimits limits) {
      throw new UnsupportedInputException("no pictures here");
    }

    @Override
    public AudioClip decodeAudio(MediaInput input, MediaLimits limits) {
      throw new UnsupportedInputException("no sounds here");
    }

    @Override
    public String decodeText(MediaInput input, MediaLimits limits) {
      return StandardCharsets.UTF_8.decode(input.bytes()).toString();
    }
  }

  private static TensorSpec tokens(String name, long length) {
    return new TensorSpec(name, ElementType.INT64, Shape.of(-1, length));
  }

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
    List<ModelFile> declared = new ArrayList<>();
    declared.add(new ModelFile("model.onnx", 1, "0".repeat(64)));
    files.forEach(file -> declared.add(new ModelFile(file, 1, "0".repeat(64))));
    ModelManifest manifest =
        new ModelManifest(
            "sentences",
            "1",
            ModelManifest.EMBEDDING,
            "bert",
            Optional.of(new SpaceId("world", "1")),
            new ModelLicence("Apache-2.0", true),
            List.of(
                new GraphManifest(
                    "text",
                    Optional.of(Modality.TEXT),
                    "model.onnx",
                    List.of(inputs),
                    List.of(new TensorSpec("sentence_embedding", ElementType.FLOAT32, Shape.of(-1, 4))),
                    Settings.of("test", settings))),
            Settings.of("test", Map.of()),
            declared);
    return new ModelPackage(manifest, folder).graphs().getFirst();
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
            tokens("input_ids", 9),
            tokens("attention_mask", 9));
    try (Closing preprocessor = new Closing(encoder.open(model))) {
      Map<String, Tensor> tensors = preprocessor.prepared("Hello, world");
      assertThat(values(tensors.get("input_ids")))
          .containsExactly(101L, 7592L, 1010L, 2088L, 102L, 0L, 0L, 0L, 0L);
      assertThat(values(tensors.get("attention_mask")))
          .containsExactly(1L, 1L, 1L, 1L, 1L, 0L, 0L, 0L, 0L);
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
                    model(Map.of(), List.of("tokenizer.json"), IDS, tokens("position_ids", -1))))
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
