package io.sensorium.language.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Schemas of every supported kind, at random; nearly all can be satisfied. */
final class RandomSchemas {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> NAMES =
      List.of("a", "ab", "abc", "name", "na\u00EFve", "\"", "\\", "", "\uD83D\uDC1F", "n\nl", "/");
  private static final List<String> WORDS =
      List.of("", "red", "green", "re", "\u4F60\u597D", "a\"b", "\t", "\uD83D\uDC1Fs", "x/y");
  private static final List<String> PATTERNS =
      List.of(
          "^[a-z]+$",
          "^[A-Z]{2,4}[0-9]?$",
          "b",
          "^(foo|bar)+$",
          "^\\d{4}-\\d{2}-\\d{2}$",
          "x$",
          "^.{0,3}$",
          "[^a-z]{2}",
          "^\\u00e9?\\s*\\S\\w$",
          "^(a|ab)(c|bcd)$");

  private final Random random;
  private final List<String> definitions = new ArrayList<>();
  private final ObjectNode root;

  private RandomSchemas(Random random) {
    this.random = random;
    this.root = JSON.objectNode();
  }

  static JsonNode next(Random random) {
    return new RandomSchemas(random).whole();
  }

  private JsonNode whole() {
    int count = random.nextInt(3);
    for (int index = 0; index < count; index++) {
      definitions.add("d" + index);
    }
    root.setAll(schema(1 + random.nextInt(4)));
    if (count > 0) {
      ObjectNode definitionSchemas = root.putObject("$defs");
      // What is defined has a value between it and what it refers to.
      definitions.forEach(name -> definitionSchemas.set(name, container(1 + random.nextInt(2))));
    }
    return root;
  }

  private ObjectNode schema(int depth) {
    return switch (random.nextInt(depth > 0 ? 13 : 6)) {
      case 0 -> strings();
      case 1, 2 -> numbers();
      case 3 -> enumeration();
      case 4 -> types();
      case 5 -> definitions.isEmpty() ? strings() : reference();
      case 6 -> union(depth);
      case 7 -> all(depth);
      case 8 -> exclusive(depth);
      default -> container(depth);
    };
  }

  private JsonNode any(int depth) {
    return random.nextInt(20) == 0 ? JSON.booleanNode(true) : schema(depth);
  }

  private ObjectNode reference() {
    String name = definitions.get(random.nextInt(definitions.size()));
    return JSON.objectNode().put("$ref", "#/$defs/" + name);
  }

  private ObjectNode types() {
    ObjectNode schema = JSON.objectNode();
    if (random.nextInt(6) == 0) {
      return schema;
    }
    ArrayNode types = schema.putArray("type");
    for (String type : List.of("null", "boolean", "integer", "string")) {
      if (random.nextBoolean()) {
        types.add(type);
      }
    }
    return types.isEmpty() ? schema.put("type", "boolean") : schema;
  }

  private ObjectNode strings() {
    ObjectNode schema = JSON.objectNode().put("type", "string");
    switch (random.nextInt(4)) {
      case 0 -> schema.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
      case 1 -> schema.put("minLength", random.nextInt(4)).put("maxLength", 4 + random.nextInt(20));
      case 2 -> schema.put("maxLength", random.nextInt(3));
      default -> schema.put("format", "email").put("minLength", random.nextInt(3));
    }
    return schema;
  }

  private ObjectNode numbers() {
    boolean integer = random.nextBoolean();
    ObjectNode schema = JSON.objectNode().put("type", integer ? "integer" : "number");
    int low = random.nextInt(2_000) - 1_000;
    if (random.nextBoolean()) {
      schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", low);
    }
    if (random.nextBoolean()) {
      BigDecimal high =
          BigDecimal.valueOf(low + 200).add(BigDecimal.valueOf(random.nextInt(99), 2));
      schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", high);
    }
    if (random.nextInt(3) == 0) {
      schema.put(
          "multipleOf",
          integer
              ? BigDecimal.valueOf(1 + random.nextInt(30))
              : BigDecimal.valueOf(1 + random.nextInt(9), random.nextInt(3)));
    }
    return schema;
  }

  private ObjectNode enumeration() {
    ObjectNode schema = JSON.objectNode();
    if (random.nextInt(3) == 0) {
      schema.set("const", value(2));
      return schema;
    }
    ArrayNode values = schema.putArray("enum");
    int count = 1 + random.nextInt(6);
    for (int index = 0; index < count; index++) {
      values.add(value(1));
    }
    return schema;
  }

  private JsonNode value(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextInt(200) - 100);
      case 3 -> JSON.numberNode(BigDecimal.valueOf(random.nextInt(1000), 2));
      case 4 -> JSON.textNode(WORDS.get(random.nextInt(WORDS.size())));
      case 5 -> {
        ArrayNode array = JSON.arrayNode();
        for (int index = random.nextInt(3); index > 0; index--) {
          array.add(value(depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JSON.objectNode();
        for (int index = random.nextInt(3); index > 0; index--) {
          object.set(name(), value(depth - 1));
        }
        yield object;
      }
    };
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private ObjectNode container(int depth) {
    return random.nextInt(3) == 0 ? array(depth) : object(depth);
  }

  private ObjectNode array(int depth) {
    ObjectNode schema = JSON.objectNode().put("type", "array");
    int least = random.nextInt(3);
    if (random.nextInt(3) == 0) {
      ArrayNode prefix = schema.putArray("prefixItems");
      for (int index = 1 + random.nextInt(2); index > 0; index--) {
        prefix.add(any(depth - 1));
      }
    }
    if (random.nextInt(4) > 0) {
      schema.set("items", any(depth - 1));
    } else if (random.nextBoolean() && schema.has("prefixItems")) {
      schema.put("items", false);
      least = Math.min(least, schema.get("prefixItems").size());
    }
    if (random.nextBoolean()) {
      schema.put("minItems", least);
    }
    if (random.nextBoolean()) {
      schema.put("maxItems", least + random.nextInt(4));
    }
    return schema;
  }

  private ObjectNode object(int depth) {
    ObjectNode schema = JSON.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    for (int index = random.nextInt(5); index > 0; index--) {
      properties.set(name(), any(depth - 1));
    }
    ArrayNode required = schema.putArray("required");
    properties
        .fieldNames()
        .forEachRemaining(
            name -> {
              // What is needed may not refer to anything around it, or it would never end.
              if (random.nextBoolean() && !properties.get(name).toString().contains("$ref")) {
                required.add(name);
              }
            });
    switch (random.nextInt(5)) {
      case 0 -> schema.set("additionalProperties", any(depth - 1));
      case 1 -> {}
      default -> schema.put("additionalProperties", false);
    }
    return schema;
  }

  private ObjectNode union(int depth) {
    ObjectNode schema = JSON.objectNode();
    ArrayNode branches = schema.putArray("anyOf");
    for (int index = 1 + random.nextInt(3); index > 0; index--) {
      branches.add(any(depth - 1));
    }
    return schema;
  }

  /** Two halves of one schema. */
  private ObjectNode all(int depth) {
    ObjectNode schema = JSON.objectNode();
    ArrayNode branches = schema.putArray("allOf");
    if (random.nextBoolean()) {
      ObjectNode object = object(depth);
      object.remove("additionalProperties");
      branches.add(object);
      ObjectNode other = JSON.objectNode();
      other.putObject("properties").set("z", any(depth - 1));
      branches.add(other);
    } else {
      branches.add(JSON.objectNode().put("type", "string").put("minLength", random.nextInt(3)));
      branches.add(
          JSON.objectNode().put("pattern", PATTERNS.get(random.nextInt(3))).put("maxLength", 6));
    }
    return schema;
  }

  /** Branches told apart by their types or by what one property says. */
  private ObjectNode exclusive(int depth) {
    ObjectNode schema = JSON.objectNode();
    ArrayNode branches = schema.putArray("oneOf");
    branches.add(JSON.objectNode().put("type", "null"));
    branches.add(numbers());
    branches.add(strings());
    for (String kind : List.of("a", "b")) {
      ObjectNode object = JSON.objectNode().put("type", "object");
      object.putObject("properties").putObject("kind").put("const", kind);
      object.withObjectProperty("properties").set("v", any(depth - 1));
      object.putArray("required").add("kind");
      branches.add(object);
    }
    return schema;
  }
}
