package io.sensorium.encoder.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * How short texts are filled up. Immutable.
 *
 * @param id the padding token's
 * @param left whether padding comes first
 * @param length how many tokens every text gets; {@link Shape#DYNAMIC} if each keeps its own
 */
record TokenPadding(long id, boolean left, long length) {
  private static final String TOKENIZER = "tokenizer_config.json";

  /**
   * Reads {@code padding} ({@code max_length} fills up to the limit; whatever else, nothing),
   * {@code padding_side} and {@code pad_token_id} of the settings, and what the tokenizer's files
   * say of the latter two. A graph of fixed length is always filled.
   *
   * @param limit how many tokens the model reads
   * @throws ModelLoadException if the padding token must be known and is not
   */
  static TokenPadding of(ModelGraph graph, int limit, ModelTokenizer tokenizer) {
    Settings settings = graph.manifest().preprocessing();
    boolean full =
        settings.find("padding").filter(padding -> padding.equals("max_length")).isPresent();
    boolean fixed =
        graph.manifest().inputs().stream()
            .filter(spec -> TokenInputs.isSequence(spec.name()))
            .anyMatch(spec -> spec.shape().dimension(1) != Shape.DYNAMIC);
    String side =
        settings.text(
            "padding_side",
            PackageJson.value(graph.model(), TOKENIZER, "padding_side").asText("right"));
    if (!side.equals("left") && !side.equals("right")) {
      throw new ModelLoadException(
          "padding_side must be left or right; got '%s' (model %s)".formatted(side, graph));
    }
    boolean fills = full || fixed;
    return new TokenPadding(
        fills ? id(graph, tokenizer) : 0, side.equals("left"), fills ? limit : Shape.DYNAMIC);
  }

  private static long id(ModelGraph graph, ModelTokenizer tokenizer) {
    Settings settings = graph.manifest().preprocessing();
    if (settings.find("pad_token_id").isPresent()) {
      return settings.integer("pad_token_id");
    }
    return Stream.of(TOKENIZER, "special_tokens_map.json")
        .map(file -> PackageJson.value(graph.model(), file, "pad_token"))
        .map(token -> token.isObject() ? token.path("content") : token)
        .filter(JsonNode::isTextual)
        .map(token -> tokenizer.idOf(token.textValue()))
        .findFirst()
        .orElse(0L);
  }

  /** {@code int64[1, length]}: the values with padding, or as they are. */
  Tensor fill(long[] values, long filling) {
    int size = length == Shape.DYNAMIC ? values.length : (int) length;
    int kept = Math.min(values.length, size);
    long[] filled = new long[size];
    int start = left ? size - kept : 0;
    Arrays.fill(filled, filling);
    System.arraycopy(values, 0, filled, start, kept);
    return Tensor.ofLongs(Shape.of(1, size), filled);
  }
}
