package io.sensorium.language.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.ModelLoadException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The decoder of a {@code tokenizer.json}: how tokens become text. It follows the reference
 * (huggingface/tokenizers, {@code decoders}) in what it does with each token; what it does with
 * several of them is told by its properties. Immutable, thread-safe.
 */
final class TokenDecoder {
  private final List<Step> steps = new ArrayList<>();
  private boolean bytes;
  private boolean byteFallback;
  private boolean fused;
  private String strippedOnce = "";
  private int stripCount;

  /** What is done with a token, which may be the first of a text. */
  private interface Step {
    String apply(String token, boolean first);
  }

  private TokenDecoder() {}

  /**
   * Reads a decoder.
   *
   * @param decoder null or missing for tokens that spaces part
   * @throws ModelLoadException if it is of a kind that is not known here
   */
  static TokenDecoder of(JsonNode decoder) {
    TokenDecoder result = new TokenDecoder();
    if (decoder.isMissingNode() || decoder.isNull()) {
      result.steps.add((token, first) -> first ? token : " " + token);
    } else {
      result.add(decoder);
    }
    return result;
  }

  /** Whether every character of a token stands for a byte of UTF-8, as in GPT-2's vocabulary. */
  boolean isByteLevel() {
    return bytes;
  }

  /** The byte that a token such as {@code <0x0A>} stands for. */
  OptionalInt fallbackByte(String token) {
    boolean isByte =
        byteFallback && token.length() == 6 && token.startsWith("<0x") && token.endsWith(">");
    if (!isByte) {
      return OptionalInt.empty();
    }
    int high = Character.digit(token.charAt(3), 16);
    int low = Character.digit(token.charAt(4), 16);
    return high < 0 || low < 0 ? OptionalInt.empty() : OptionalInt.of(16 * high + low);
  }

  /** A token's characters, before bytes are made of them. */
  String text(String token, boolean first) {
    String text = token;
    for (Step step : steps) {
      text = step.apply(text, first);
    }
    return text;
  }

  /** What the token stands for where it is not the first. */
  byte[] bytes(String token) {
    OptionalInt fallback = fallbackByte(token);
    if (fallback.isPresent()) {
      return new byte[] {(byte) fallback.getAsInt()};
    }
    String text = text(token, false);
    return bytes ? ByteLevel.bytes(text) : text.getBytes(StandardCharsets.UTF_8);
  }

  /** The character that the whole text loses at its beginning, as a string; empty for none. */
  String stripped() {
    return strippedOnce;
  }

  /** How often the text loses it at most. */
  int stripCount() {
    return stripCount;
  }

  private void add(JsonNode decoder) {
    String type = decoder.path("type").asText();
    switch (type) {
      case "Sequence" -> decoder.path("decoders").forEach(this::add);
      case "ByteLevel" -> bytes = true;
      case "ByteFallback" -> byteFallback = !fused;
      case "Fuse" -> fused = true;
      case "Metaspace" -> addMetaspace(decoder);
      case "Replace" -> addReplace(decoder);
      case "Strip" -> addStrip(decoder);
      case "WordPiece" -> addWordPiece(decoder);
      default -> throw unknown(decoder);
    }
  }

  private void addMetaspace(JsonNode decoder) {
    String mark = decoder.path("replacement").asText();
    boolean prepended =
        decoder.has("prepend_scheme")
            ? !decoder.path("prepend_scheme").asText().equals("never")
            : decoder.path("add_prefix_space").asBoolean(true);
    steps.add((token, first) -> token.replace(mark, first && prepended ? "" : " "));
    requireTokens(decoder);
  }

  private void addReplace(JsonNode decoder) {
    String pattern = decoder.path("pattern").path("String").asText();
    String content = decoder.path("content").asText();
    if (pattern.isEmpty() || (fused && pattern.codePointCount(0, pattern.length()) > 1)) {
      throw unknown(decoder);
    }
    steps.add((token, first) -> token.replace(pattern, content));
  }

  private void addStrip(JsonNode decoder) {
    String content = decoder.path("content").asText();
    int start = decoder.path("start").asInt();
    int stop = decoder.path("stop").asInt();
    if (fused && stop == 0) {
      strippedOnce = content;
      stripCount = start;
    } else if (fused) {
      throw unknown(decoder);
    } else {
      steps.add((token, first) -> stripped(token, content, start, stop));
    }
  }

  private static String stripped(String token, String content, int start, int stop) {
    String text = token;
    for (int i = 0; i < start && text.startsWith(content); i++) {
      text = text.substring(content.length());
    }
    for (int i = 0; i < stop && text.endsWith(content); i++) {
      text = text.substring(0, text.length() - content.length());
    }
    return text;
  }

  private void addWordPiece(JsonNode decoder) {
    String prefix = decoder.path("prefix").asText();
    boolean cleanup = decoder.path("cleanup").asBoolean();
    steps.add(
        (token, first) -> {
          boolean goesOn = token.startsWith(prefix);
          String word = goesOn ? token.substring(prefix.length()) : " " + token;
          String text = first ? token : word;
          return cleanup ? cleanedUp(text) : text;
        });
    requireTokens(decoder);
  }

  /** As the reference does for every token by itself. */
  private static String cleanedUp(String text) {
    return text.replace(" .", ".")
        .replace(" ?", "?")
        .replace(" !", "!")
        .replace(" ,", ",")
        .replace(" ' ", "'")
        .replace(" n't", "n't")
        .replace(" 'm", "'m")
        .replace(" do not", " don't")
        .replace(" 's", "'s")
        .replace(" 've", "'ve")
        .replace(" 're", "'re");
  }

  private void requireTokens(JsonNode decoder) {
    if (fused) {
      throw unknown(decoder);
    }
  }

  private static ModelLoadException unknown(JsonNode decoder) {
    return new ModelLoadException(
        "%s: a decoder of ByteLevel, Metaspace, WordPiece, Replace, ByteFallback, Fuse and Strip is"
                .formatted(TokenizerFile.NAME)
            + " required; found "
            + decoder);
  }
}
