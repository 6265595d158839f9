package io.sensorium.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of tokenizer gives the reference's ids for 10,000 generated strings. */
class TokenizerParityTest {
  private static final Path RECORDED = Path.of("..", "..", "models", "reference", "tokenizers");

  /** None of the strings is truncated. */
  private static final int MANY_TOKENS = 100_000;

  @TempDir Path folder;
  private static GeneratedStrings strings;

  @BeforeAll
  static void readTables() throws IOException {
    strings = new GeneratedStrings(RECORDED.resolve("strings.json"));
  }

  @Test
  void theStringsAreTheRecordedOnes() {
    TextCleaning none = new TextCleaning(false, false);
    int[] recorded = recorded("strings");
    assertThat(recorded).hasSize(strings.count());
    for (int i = 0; i < recorded.length; i++) {
      String text = none.clean(strings.get(i));
      long[] points = text.codePoints().asLongStream().toArray();
      assertThat(checksum(points)).as("string %d: %s", i, escaped(text)).isEqualTo(recorded[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"byte-level", "clip", "gemma", "minilm", "siglip", "unigram", "word-piece"})
  void idsAreTheReferences(String kind) throws IOException {
    int[] recorded = recorded(kind);
    TextCleaning cleaning = new TextCleaning(false, kind.equals("siglip"));
    int different = 0;
    String first = "";
    try (ModelTokenizer tokenizer = new ModelTokenizer(modelOf(kind), MANY_TOKENS, cleaning)) {
      for (int i = 0; i < recorded.length; i++) {
        long[] ids = ids(tokenizer, strings.get(i));
        if (checksum(ids) != recorded[i] && different++ == 0) {
          first =
              "string %d: %s gives %s"
                  .formatted(i, escaped(strings.get(i)), ids.length + " ids " + head(ids));
        }
      }
    }
    if (different > 0) {
      fail("%d strings differ, first %s", different, first);
    }
  }

  /** A text without any token, which the encoder refuses, has none in the reference either. */
  private static long[] ids(ModelTokenizer tokenizer, String text) {
    try {
      return tokenizer.encode(text, "generated").getIds();
    } catch (UnsupportedInputException none) {
      return new long[0];
    }
  }

  private ModelPackage modelOf(String kind) throws IOException {
    return TestModels.of(folderOf(kind), Map.of(), List.of(TestModels.IDS)).model();
  }

  private Path folderOf(String kind) throws IOException {
    if (!kind.equals("minilm")) {
      return RECORDED.resolve(kind);
    }
    try (InputStream in = getClass().getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")) {
      Files.copy(in, folder.resolve("tokenizer.json"));
    }
    return folder;
  }

  private static int[] recorded(String name) {
    try (SafetensorsFile file = SafetensorsFile.open(RECORDED.resolve("recordings.safetensors"))) {
      IntBuffer sums = file.tensor(name).asInts();
      int[] copy = new int[sums.remaining()];
      sums.get(copy);
      return copy;
    }
  }

  private static int checksum(long[] ids) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(ids).forEach(id -> bytes.putInt((int) id));
    CRC32 sum = new CRC32();
    sum.update(bytes.array());
    return (int) sum.getValue();
  }

  private static String head(long[] ids) {
    return Arrays.toString(Arrays.copyOf(ids, Math.min(ids.length, 40)));
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .limit(60)
        .forEach(
            point ->
                escaped.append(
                    point > ' ' && point < 0x7f
                        ? Character.toString(point)
                        : "\\u{%x}".formatted(point)));
    return escaped.toString();
  }
}
