package io.sensorium.language.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads what one schema says by itself, but for the schemas that it combines. Refuses keywords that
 * are not known. Stateless.
 */
final class SchemaReader {
  /** Keywords that say something about values. */
  private static final Set<String> ASSERTIONS =
      Set.of(
          "type",
          "enum",
          "const",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "prefixItems",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minLength",
          "maxLength",
          "pattern",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "anyOf",
          "oneOf",
          "allOf",
          "$ref");

  /** Keywords that say nothing about values, or hold schemas for references. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$schema",
          "$comment",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "format",
          "contentEncoding",
          "contentMediaType");

  private static final Set<String> TYPES =
      Set.of("null", "boolean", "integer", "number", "string", "array", "object");

  private final SchemaSource source;
  private final JsonNode schema;
  private final String pointer;

  SchemaReader(SchemaSource source, JsonNode schema, String pointer) {
    this.source = source;
    this.schema = schema;
    this.pointer = pointer;
  }

  /** One shape for each type that the schema allows, without its enumerations. */
  List<Shape> shapes() {
    checkKeywords();
    Set<String> types = types();
    List<Shape> shapes = new ArrayList<>();
    if (types.contains("null")) {
      shapes.add(new Shape.Word("null"));
    }
    if (types.contains("boolean")) {
      shapes.add(new Shape.Word("false"));
      shapes.add(new Shape.Word("true"));
    }
    // All keywords are read whatever the types, so that mistakes are found.
    Shape numbers = numbers(!types.contains("number"));
    Shape strings = strings();
    Shape arrays = arrays();
    Shape objects = objects();
    if (types.contains("number") || types.contains("integer")) {
      shapes.add(numbers);
    }
    addUnlessNull(shapes, types.contains("string") ? strings : null);
    addUnlessNull(shapes, types.contains("array") ? arrays : null);
    addUnlessNull(shapes, types.contains("object") ? objects : null);
    return shapes;
  }

  private static void addUnlessNull(List<Shape> shapes, Shape shape) {
    if (shape != null) {
      shapes.add(shape);
    }
  }

  private void checkKeywords() {
    schema
        .fieldNames()
        .forEachRemaining(
            name -> {
              boolean rootName = name.equals("$id") && pointer.equals("#");
              if (!ASSERTIONS.contains(name) && !ANNOTATIONS.contains(name) && !rootName) {
                throw SchemaSource.refused(at(name), "is a keyword that is not supported");
              }
            });
  }

  private String at(String keyword) {
    return SchemaSource.below(pointer, keyword);
  }

  private IllegalArgumentException refused(String keyword, String required) {
    return SchemaSource.refused(
        at(keyword), "%s; got %s".formatted(required, SchemaSource.shown(schema.get(keyword))));
  }

  private Set<String> types() {
    JsonNode type = schema.get("type");
    if (type == null) {
      return TYPES;
    }
    Set<String> types = new LinkedHashSet<>();
    if (type.isTextual()) {
      types.add(type.textValue());
    } else {
      type.forEach(one -> types.add(one.isTextual() ? one.textValue() : "?"));
    }
    if (types.isEmpty() || !TYPES.containsAll(types)) {
      throw refused("type", "must be types out of " + new TreeSet<>(TYPES));
    }
    return types;
  }

  private Shape numbers(boolean integer) {
    BigDecimal minimum = number("minimum");
    BigDecimal above = number("exclusiveMinimum");
    boolean minimumExcluded = above != null && (minimum == null || above.compareTo(minimum) >= 0);
    BigDecimal maximum = number("maximum");
    BigDecimal below = number("exclusiveMaximum");
    boolean maximumExcluded = below != null && (maximum == null || below.compareTo(maximum) <= 0);
    BigDecimal multipleOf = number("multipleOf");
    if (multipleOf != null && multipleOf.signum() <= 0) {
      throw refused("multipleOf", "must be above 0");
    }
    Shape.Numbers numbers =
        new Shape.Numbers(
            integer,
            minimumExcluded ? above : minimum,
            minimumExcluded,
            maximumExcluded ? below : maximum,
            maximumExcluded,
            multipleOf);
    if (multipleOf != null) {
      try {
        NumberRange.of(numbers);
      } catch (IllegalArgumentException e) {
        throw SchemaSource.refused(at("multipleOf"), e.getMessage());
      }
    }
    return numbers;
  }

  private BigDecimal number(String keyword) {
    JsonNode value = schema.get(keyword);
    if (value == null) {
      return null;
    }
    if (!value.isNumber()) {
      throw refused(keyword, "must be a number");
    }
    BigDecimal number = value.decimalValue();
    checkSize(number, at(keyword));
    return number;
  }

  /** Numbers that would take long to compare are none that anybody means. */
  static void checkSize(BigDecimal number, String pointer) {
    if (Math.abs((long) number.precision() - number.scale()) > 400 || number.scale() > 400) {
      throw SchemaSource.refused(
          pointer, "must have numbers between 1e-400 and 1e400; got " + number);
    }
  }

  private int count(String keyword, int otherwise) {
    BigDecimal number = number(keyword);
    if (number == null) {
      return otherwise;
    }
    if (number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
      throw refused(keyword, "must be a whole number from 0 on");
    }
    return number.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue();
  }

  private Shape strings() {
    int minimum = count("minLength", 0);
    int maximum = count("maxLength", Integer.MAX_VALUE);
    JsonNode pattern = schema.get("pattern");
    CharacterAutomaton automaton = null;
    if (pattern != null) {
      if (!pattern.isTextual()) {
        throw refused("pattern", "must be a string");
      }
      try {
        automaton = PatternAutomaton.of(pattern.textValue(), source.effort());
      } catch (IllegalArgumentException e) {
        throw SchemaSource.refused(at("pattern"), e.getMessage());
      }
    }
    return minimum > maximum || (automaton != null && automaton.isEmpty())
        ? null
        : new Shape.Strings(minimum, maximum, automaton);
  }

  private Shape arrays() {
    int minimum = count("minItems", 0);
    int maximum = count("maxItems", Integer.MAX_VALUE);
    JsonNode unique = schema.get("uniqueItems");
    if (unique != null && !(unique.isBoolean() && (!unique.booleanValue() || maximum <= 1))) {
      throw refused("uniqueItems", "is not supported but where maxItems is 1 at most");
    }
    List<Set<Integer>> prefix = new ArrayList<>();
    JsonNode items = schema.get("prefixItems");
    if (items != null) {
      if (!items.isArray() || items.isEmpty()) {
        throw refused("prefixItems", "must be an array of schemas");
      }
      for (JsonNode item : items) {
        String index = Integer.toString(prefix.size());
        prefix.add(source.numbered(item, SchemaSource.below(at("prefixItems"), index)));
      }
    }
    JsonNode rest = schema.get("items");
    Set<Integer> others = rest == null ? Set.of() : source.numbered(rest, at("items"));
    return minimum > maximum
        ? null
        : new Shape.Arrays(List.copyOf(prefix), others, minimum, maximum);
  }

  private Shape objects() {
    Map<String, Set<Integer>> properties = new TreeMap<>();
    JsonNode named = schema.get("properties");
    if (named != null) {
      if (!named.isObject()) {
        throw refused("properties", "must be an object of schemas");
      }
      for (Map.Entry<String, JsonNode> property : named.properties()) {
        String name = property.getKey();
        checkText(name, at("properties"));
        properties.put(
            name, source.numbered(property.getValue(), SchemaSource.below(at("properties"), name)));
      }
    }
    JsonNode rest = schema.get("additionalProperties");
    Set<Integer> others =
        rest == null ? Set.of() : source.numbered(rest, at("additionalProperties"));
    return new Shape.Objects(properties, required(), others);
  }

  private Set<String> required() {
    JsonNode names = schema.get("required");
    if (names == null) {
      return Set.of();
    }
    Set<String> required = new TreeSet<>();
    for (JsonNode name : names) {
      if (!name.isTextual()) {
        throw refused("required", "must be an array of strings");
      }
      checkText(name.textValue(), at("required"));
      required.add(name.textValue());
    }
    if (!names.isArray()) {
      throw refused("required", "must be an array of strings");
    }
    return required;
  }

  /** Half a surrogate pair cannot be written in UTF-8. */
  static void checkText(String text, String pointer) {
    if (text.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE)) {
      throw SchemaSource.refused(pointer, "has half of a surrogate pair");
    }
  }
}
