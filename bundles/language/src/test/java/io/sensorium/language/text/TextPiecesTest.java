package io.sensorium.language.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sensorium.api.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text told piece by piece is what the tokenizer makes of all tokens at once. */
class TextPiecesTest {
  private static final int SEQUENCES = 2_000;
  private static final int PADDING = 37;

  static List<Path> tokenizers() {
    List<Path> folders = new ArrayList<>();
    for (String kind : List.of("byte-level", "clip", "gemma", "siglip", "unigram", "word-piece")) {
      folders.add(TextPackages.TOKENIZERS.resolve(kind));
    }
    folders.add(TextPackages.LM_DEFAULT);
    return folders;
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void piecesOfAnyTokensAreTheirDecodedText(Path folder) throws IOException {
    long seed = 20261121;
    SplittableRandom random = new SplittableRandom(seed);
    ModelPackage model = TextPackages.of(folder);
    int size = TokenizerFile.read(model).tokens().lastKey() + 1 + PADDING;
    try (ModelText text = ModelText.open(model, size);
        HuggingFaceTokenizer reference =
            HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
      for (int sequence = 0; sequence < SEQUENCES; sequence++) {
        long[] tokens = new long[random.nextInt(24)];
        for (int i = 0; i < tokens.length; i++) {
          tokens[i] = draw(random, text.vocabulary());
        }
        StringBuilder told = new StringBuilder();
        TextPieces pieces = text.pieces();
        for (long token : tokens) {
          String piece = pieces.accept((int) token);
          assertThat(piece).as("seed %d, sequence %d", seed, sequence).satisfies(this::whole);
          told.append(piece);
        }
        told.append(pieces.end());
        assertThat(told)
            .as("seed %d, sequence %d", seed, sequence)
            .hasToString(reference.decode(tokens, true));
      }
    }
  }

  /** Llama's tokenizer takes the first space off the whole text. */
  @Test
  void oneLeadingSpaceIsTakenOffTheWhole(@TempDir Path folder) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path gemma = TextPackages.TOKENIZERS.resolve("gemma").resolve("tokenizer.json");
    JsonNode tokenizer = json.readTree(gemma.toFile());
    ((ArrayNode) tokenizer.path("decoder").path("decoders"))
        .addObject()
        .put("type", "Strip")
        .put("content", " ")
        .put("start", 1)
        .put("stop", 0);
    json.writeValue(folder.resolve("tokenizer.json").toFile(), tokenizer);

    piecesOfAnyTokensAreTheirDecodedText(folder);
  }

  /** Rare tokens of one byte often, so that characters are spread over tokens. */
  private static int draw(SplittableRandom random, Vocabulary vocabulary) {
    int token = random.nextInt(vocabulary.size());
    while (random.nextInt(3) > 0 && vocabulary.bytes(token).remaining() != 1) {
      token = random.nextInt(vocabulary.size());
    }
    return token;
  }

  private void whole(String piece) {
    assertThat(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)))
        .isTrue();
  }

  @Test
  void aCharacterWaitsForItsLastByte() {
    try (ModelText text = lmDefault()) {
      List<Integer> balloon = text.encode("\ud83c\udf88");
      assertThat(balloon).hasSizeGreaterThan(1);
      TextPieces pieces = text.pieces();

      for (int token : balloon.subList(0, balloon.size() - 1)) {
        assertThat(pieces.accept(token)).isEmpty();
      }
      assertThat(pieces.accept(balloon.getLast())).isEqualTo("\ud83c\udf88");
      assertThat(pieces.end()).isEmpty();
    }
  }

  @Test
  void halfACharacterAtTheEndIsToldAsSuch() {
    try (ModelText text = lmDefault()) {
      List<Integer> balloon = text.encode("\ud83c\udf88");
      TextPieces pieces = text.pieces();

      pieces.accept(balloon.getFirst());

      assertThat(pieces.end()).isEqualTo("\ufffd");
    }
  }

  @Test
  void specialTokensSayNothing() {
    try (ModelText text = lmDefault()) {
      TextPieces pieces = text.pieces();

      assertThat(pieces.accept(2)).isEmpty();
      assertThat(pieces.end()).isEmpty();
    }
  }

  @Test
  void idsBeyondTheVocabularyAreRefused() {
    try (ModelText text = lmDefault()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> text.pieces().accept(1280))
          .withMessageContaining("0..1279");
    }
  }

  private static ModelText lmDefault() {
    return ModelText.open(TextPackages.of(TextPackages.LM_DEFAULT), TextPackages.LM_DEFAULT_SIZE);
  }
}
