package io.sensorium.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.training.adapters.FrozenDecoder;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The committed language model against what transformers recorded of it. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the engine's natives are on the class path for linux-x86_64 only")
class LanguageGoldenTest {
  private static final Path MODEL = Path.of("../defaults/src/main/checkpoints/lm-default");
  private static final Path TOKENS = Path.of("../reference/lm-default/tokens.json");
  private static final int RUNS = 6;

  /** Sums of float32 products in another order. */
  private static final float TOLERANCE = 1e-3f;

  @Test
  void theTrainedMathematicsIsThatOfTransformers() {
    List<Parameter> weights = FrozenDecoder.read(MODEL).weights();
    try (var golden = SafetensorsFile.open(MODEL.resolve("golden.safetensors"))) {
      for (int run = 0; run < RUNS; run++) {
        long[] ids = longs(golden.tensor("run.%d.input.input_ids".formatted(run)));
        float[] logits = floats(golden.tensor("run.%d.output.logits".formatted(run)));
        long[] greedy = longs(golden.tensor("run.%d.greedy".formatted(run)));
        assertSame(weights, ids, logits, greedy);
      }
    }
  }

  /** The recorded ids follow the prompt; every one must be our likeliest token too. */
  private static void assertSame(
      List<Parameter> weights, long[] ids, float[] logits, long[] greedy) {
    int length = ids.length + greedy.length;
    var row = new TokenRow(length);
    for (long id : ids) {
      row.token((int) id, 1);
    }
    for (long id : greedy) {
      row.token((int) id, 1);
    }
    float[] found = Examining.examine(LanguageTraining.LLAMA, weights, List.of(row), length);
    int vocabulary = logits.length / ids.length;
    for (int place = 0; place + 1 < ids.length; place++) {
      assertThat(found[length + place])
          .isCloseTo(
              logProbability(logits, place * vocabulary, vocabulary, (int) ids[place + 1]),
              within(TOLERANCE));
    }
    for (int place = ids.length - 1; place < length - 1; place++) {
      assertThat(found[place]).as("greedy id at %d", place).isEqualTo(1f);
    }
  }

  private static float logProbability(float[] logits, int from, int count, int id) {
    double sum = 0;
    for (int at = from; at < from + count; at++) {
      sum += Math.exp(logits[at]);
    }
    return (float) (logits[from + id] - Math.log(sum));
  }

  @Test
  void theTokenizerGivesTheRecordedIdsAndGivesTheTextsBack() throws IOException {
    JsonNode tokens = new ObjectMapper().readTree(Files.readAllBytes(TOKENS));
    try (var tokenizer =
        HuggingFaceTokenizer.newInstance(
            MODEL.resolve("tokenizer.json"), Map.of("padding", "false", "truncation", "false"))) {
      for (String kind : List.of("strings", "chats")) {
        assertThat(tokens.path(kind)).isNotEmpty();
        for (JsonNode item : tokens.path(kind)) {
          long[] expected = new long[item.path("ids").size()];
          for (int at = 0; at < expected.length; at++) {
            expected[at] = item.path("ids").get(at).asLong();
          }
          String text = item.path("text").asText();
          assertThat(tokenizer.encode(text, false, false).getIds()).as(text).isEqualTo(expected);
          assertThat(tokenizer.decode(expected, false)).isEqualTo(text);
        }
      }
    }
  }

  private static float[] floats(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  private static long[] longs(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }
}
