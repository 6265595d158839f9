package io.sensorium.language.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a {@code tokenizer.json} says of its tokens; the merges, its greater part, are passed over.
 * Not thread-safe.
 */
final class TokenizerFile {
  static final String NAME = "tokenizer.json";

  private final TreeMap<Integer, String> tokens = new TreeMap<>();
  private final Map<Integer, String> added = new TreeMap<>();
  private final Set<String> special = new HashSet<>();
  private JsonNode decoder = MissingNode.getInstance();

  private TokenizerFile() {}

  /**
   * Reads a package's tokenizer.
   *
   * @throws ModelLoadException if it is missing or not a tokenizer
   */
  static TokenizerFile read(ModelPackage model) {
    Path file = model.file(NAME);
    TokenizerFile result = new TokenizerFile();
    JsonFactory factory = new ObjectMapper().getFactory();
    try (JsonParser json = factory.createParser(file.toFile())) {
      result.readRoot(json);
    } catch (JsonProcessingException e) {
      throw new ModelLoadException(
          "cannot read %s of model %s (line %d, column %d): %s"
              .formatted(
                  NAME,
                  model,
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new ModelLoadException(
          "cannot read %s of model %s: %s".formatted(NAME, model, e.getMessage()), e);
    }
    if (result.tokens.isEmpty()) {
      throw new ModelLoadException(
          "%s must list tokens under model.vocab; found none (model %s)".formatted(NAME, model));
    }
    result.tokens.putAll(result.added);
    if (result.tokens.firstKey() < 0) {
      throw new ModelLoadException(
          "ids of tokens must be at least 0; found %d in %s (model %s)"
              .formatted(result.tokens.firstKey(), NAME, model));
    }
    return result;
  }

  /** Tokens by their ids, added ones included; ids may have gaps. */
  SortedMap<Integer, String> tokens() {
    return tokens;
  }

  /** The tokens that are no part of any text. */
  Set<String> special() {
    return special;
  }

  /** How tokens become text; null or missing if they are joined by spaces. */
  JsonNode decoder() {
    return decoder;
  }

  private void readRoot(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("a JSON object is required; found " + json.currentToken());
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "model" -> readModel(json);
        case "added_tokens" -> readAdded(json.readValueAsTree());
        case "decoder" -> decoder = json.readValueAsTree();
        default -> json.skipChildren();
      }
    }
  }

  private void readModel(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (!field.equals("vocab")) {
        json.skipChildren();
      } else if (value == JsonToken.START_ARRAY) {
        readPieces(json);
      } else {
        readMap(json);
      }
    }
  }

  /** Pieces with their scores, whose places are their ids. */
  private void readPieces(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.START_ARRAY) {
      json.nextToken();
      tokens.put(tokens.size(), json.getText());
      while (json.nextToken() != JsonToken.END_ARRAY) {
        json.skipChildren();
      }
    }
  }

  private void readMap(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String token = json.currentName();
      json.nextToken();
      tokens.put(json.getIntValue(), token);
    }
  }

  private void readAdded(JsonNode list) {
    for (JsonNode token : list) {
      String content = token.path("content").asText();
      added.put(token.path("id").asInt(), content);
      if (token.path("special").asBoolean()) {
        special.add(content);
      }
    }
  }
}
