package io.sensorium.language.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A schema's text as numbered parts, each with the JSON pointer where it stands. One thread at a
 * time.
 */
final class SchemaSource {
  static final int MAX_CHARACTERS = 1 << 20;
  static final int MAX_NESTING = 128;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_NESTING)
                          .maxNumberLength(100)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode root;
  private final List<JsonNode> nodes = new ArrayList<>();
  private final List<String> pointers = new ArrayList<>();
  private final IdentityHashMap<JsonNode, Integer> numbers = new IdentityHashMap<>();

  private final Effort effort = new Effort();

  private SchemaSource(JsonNode root) {
    this.root = root;
  }

  /**
   * Reads a schema.
   *
   * @throws IllegalArgumentException if the text is too long, nested too deeply or not JSON
   */
  static SchemaSource parse(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "a JSON schema may have %,d characters at most; got %,d"
              .formatted(MAX_CHARACTERS, text.length()));
    }
    try {
      return new SchemaSource(MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "a JSON schema must be JSON, nested %d deep at most: %s"
              .formatted(MAX_NESTING, e.getOriginalMessage()),
          e);
    }
  }

  /** What the schema's preparation has taken so far. */
  Effort effort() {
    return effort;
  }

  /** The whole. */
  Set<Integer> root() {
    return numbered(root, "#");
  }

  /** A schema's number; none for one that allows anything. */
  Set<Integer> numbered(JsonNode schema, String pointer) {
    if (schema.isBoolean()) {
      return schema.booleanValue() ? Set.of() : Set.of(number(BooleanNode.FALSE, pointer));
    }
    if (!schema.isObject()) {
      throw refused(pointer, "must be a schema, an object or a boolean; got " + shown(schema));
    }
    return schema.isEmpty() ? Set.of() : Set.of(number(schema, pointer));
  }

  /** The number of a schema that allows one value. */
  Set<Integer> constant(JsonNode value, String pointer) {
    return Set.of(number(JsonNodeFactory.instance.objectNode().set("const", value), pointer));
  }

  /** The number of the schema that allows nothing. */
  Set<Integer> nothing(String pointer) {
    return Set.of(number(BooleanNode.FALSE, pointer));
  }

  private int number(JsonNode schema, String pointer) {
    Integer known = numbers.putIfAbsent(schema, nodes.size());
    if (known != null) {
      return known;
    }
    nodes.add(schema);
    pointers.add(pointer);
    return nodes.size() - 1;
  }

  JsonNode schema(int number) {
    return nodes.get(number);
  }

  /** Where a schema stands first. */
  String pointer(int number) {
    return pointers.get(number);
  }

  /** What a reference points to. */
  Set<Integer> referred(JsonNode reference, String pointer) {
    String text = reference.isTextual() ? reference.textValue() : "";
    if (!text.equals("#") && !text.startsWith("#/")) {
      throw refused(
          pointer, "must be '#' or begin with '#/', a JSON pointer; got " + shown(reference));
    }
    JsonNode target;
    try {
      String decoded =
          URLDecoder.decode(text.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
      target = root.at(decoded);
    } catch (IllegalArgumentException e) {
      throw refused(pointer, "must be a JSON pointer; got " + shown(reference));
    }
    if (target.isMissingNode()) {
      throw refused(pointer, "points to nothing; got " + shown(reference));
    }
    return numbered(target, text);
  }

  /** The pointer one step further. */
  static String below(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  static IllegalArgumentException refused(String pointer, String why) {
    return new IllegalArgumentException("JSON schema: %s %s".formatted(pointer, why));
  }

  /** A value for a message. */
  static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
