package io.sensorium.language.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Values that a schema may well allow, and some that it does not. */
final class RandomValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "xy",
          "foo",
          "barfoo",
          "AB",
          "ABC7",
          "2026-11-21",
          "\u00E9 xx",
          "b",
          "ac",
          "abcd",
          "\u4F60\u597D",
          "a\"b\\",
          "\t\u0001",
          "\uD83D\uDC1F",
          "x/y",
          "red",
          "green");

  private final Random random;
  private final JsonNode root;

  RandomValues(JsonNode root, Random random) {
    this.root = root;
    this.random = random;
  }

  JsonNode next() {
    return value(root, 6);
  }

  private JsonNode value(JsonNode schema, int depth) {
    if (depth == 0 || !schema.isObject() || schema.isEmpty() || random.nextInt(25) == 0) {
      return anything();
    }
    if (schema.has("$ref")) {
      return value(root.at(schema.get("$ref").textValue().substring(1)), depth - 1);
    }
    for (String keyword : List.of("anyOf", "oneOf", "enum")) {
      if (schema.has(keyword)) {
        JsonNode branches = schema.get(keyword);
        JsonNode branch = branches.get(random.nextInt(branches.size()));
        return keyword.equals("enum") ? canonical(branch) : value(branch, depth - 1);
      }
    }
    if (schema.has("const")) {
      return canonical(schema.get("const"));
    }
    if (schema.has("allOf")) {
      JsonNode first = value(schema.get("allOf").get(0), depth - 1);
      JsonNode second = value(schema.get("allOf").get(1), depth - 1);
      return first instanceof ObjectNode object && second instanceof ObjectNode more
          ? object.setAll(more)
          : first;
    }
    JsonNode type = schema.path("type");
    return typed(
        schema,
        type.isArray() ? type.get(random.nextInt(type.size())).asText() : type.asText(),
        depth);
  }

  private JsonNode typed(JsonNode schema, String type, int depth) {
    return switch (type) {
      case "null" -> JSON.nullNode();
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      case "integer", "number" -> number(schema, type.equals("integer"));
      case "string" -> JSON.textNode(text());
      case "array" -> array(schema, depth);
      case "object" -> object(schema, depth);
      default -> anything();
    };
  }

  private String text() {
    String text = TEXTS.get(random.nextInt(TEXTS.size()));
    return random.nextInt(3) == 0 ? text + TEXTS.get(random.nextInt(TEXTS.size())) : text;
  }

  private JsonNode number(JsonNode schema, boolean integer) {
    BigDecimal near =
        schema.path("minimum").decimalValue().add(schema.path("exclusiveMinimum").decimalValue());
    BigDecimal step = schema.path("multipleOf").decimalValue();
    BigDecimal value = near.add(BigDecimal.valueOf(random.nextInt(21_000) - 300, 2));
    if (step.signum() > 0) {
      value = value.subtract(value.remainder(step));
    } else if (integer || random.nextBoolean()) {
      value = new BigDecimal(value.toBigInteger());
    }
    return canonical(JSON.numberNode(value));
  }

  private JsonNode array(JsonNode schema, int depth) {
    ArrayNode array = JSON.arrayNode();
    int count = schema.path("minItems").intValue() + random.nextInt(3);
    for (int index = 0; index < count; index++) {
      JsonNode prefix = schema.path("prefixItems").path(index);
      array.add(value(prefix.isMissingNode() ? schema.path("items") : prefix, depth - 1));
    }
    return array;
  }

  private JsonNode object(JsonNode schema, int depth) {
    ObjectNode object = JSON.objectNode();
    List<String> names = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    Collections.shuffle(names, random);
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.textValue()));
    for (String name : names) {
      if (random.nextInt(3) > 0 || required.contains(name)) {
        object.set(name, value(schema.get("properties").get(name), depth - 1));
      }
    }
    if (random.nextInt(4) == 0) {
      object.set(text(), value(schema.path("additionalProperties"), depth - 1));
    }
    return object;
  }

  private JsonNode anything() {
    return switch (random.nextInt(6)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(true);
      case 2 -> JSON.numberNode(random.nextInt(100));
      case 3 -> JSON.textNode(text());
      case 4 -> JSON.arrayNode().add(1);
      default -> JSON.objectNode().put("q", 1.5);
    };
  }

  /** Numbers in their shortest decimal form, as constraints write them. */
  private static JsonNode canonical(JsonNode value) {
    if (value.isNumber()) {
      BigDecimal number = value.decimalValue();
      number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
      return JSON.numberNode(number.setScale(Math.max(0, number.scale())));
    }
    if (value instanceof ArrayNode array) {
      ArrayNode copy = JSON.arrayNode();
      array.forEach(item -> copy.add(canonical(item)));
      return copy;
    }
    if (value instanceof ObjectNode object) {
      ObjectNode copy = JSON.objectNode();
      object.properties().forEach(entry -> copy.set(entry.getKey(), canonical(entry.getValue())));
      return copy;
    }
    return value;
  }
}
