package io.sensorium.language.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The shapes that schemas allow, with all that they combine. One thread at a time. */
final class SchemaShapes {
  /** References and combinations within each other at most. */
  static final int MAX_DEPTH = 200;

  /** Shapes of one value at most, and pairs of them that are compared. */
  static final int MAX_SHAPES = 10_000;

  private static final int MAX_PAIRS = 200_000;

  /** Levels within values that are searched for what tells the branches of a oneOf apart. */
  private static final int DISJOINT_DEPTH = 4;

  /** Pairs of shapes that are compared for that. */
  private static final int MAX_COMPARISONS = 1_000_000;

  private static final List<Shape> ANYTHING =
      List.of(
          new Shape.Word("null"),
          new Shape.Word("false"),
          new Shape.Word("true"),
          Shape.Numbers.ALL,
          Shape.Strings.ALL,
          Shape.Arrays.ALL,
          Shape.Objects.ALL);

  private final SchemaSource source;
  private final Map<Integer, List<Shape>> known = new HashMap<>();
  private final Set<Integer> open = new LinkedHashSet<>();
  private final Deque<OneOf> unchecked = new ArrayDeque<>();
  private int comparisons;

  SchemaShapes(SchemaSource source) {
    this.source = source;
  }

  /** What is allowed where all these schemas hold. */
  List<Shape> of(Set<Integer> schemas) {
    List<Shape> shapes = ANYTHING;
    String pointer = "#";
    for (int schema : new TreeSet<>(schemas)) {
      pointer = source.pointer(schema);
      shapes = shapes == ANYTHING ? of(schema) : both(shapes, of(schema), pointer);
    }
    return shapes;
  }

  private List<Shape> of(int number) {
    List<Shape> shapes = known.get(number);
    if (shapes != null) {
      return shapes;
    }
    String pointer = source.pointer(number);
    if (!open.add(number)) {
      throw SchemaSource.refused(pointer, "refers to itself without a value in between");
    }
    if (open.size() > MAX_DEPTH) {
      throw SchemaSource.refused(
          pointer, "combines or refers to schemas more than %d deep".formatted(MAX_DEPTH));
    }
    shapes = read(source.schema(number), pointer);
    open.remove(number);
    known.put(number, shapes);
    return shapes;
  }

  private List<Shape> read(JsonNode schema, String pointer) {
    if (!schema.isObject()) {
      return List.of();
    }
    List<Shape> shapes = new SchemaReader(source, schema, pointer).shapes();
    JsonNode values = schema.get("enum");
    if (values != null) {
      String at = SchemaSource.below(pointer, "enum");
      if (!values.isArray() || values.isEmpty()) {
        throw SchemaSource.refused(at, "must be an array of values");
      }
      shapes = both(shapes, values(values, at), at);
    }
    if (schema.has("const")) {
      String at = SchemaSource.below(pointer, "const");
      shapes = both(shapes, values(List.of(schema.get("const")), at), at);
    }
    if (schema.has("$ref")) {
      String at = SchemaSource.below(pointer, "$ref");
      shapes = both(shapes, of(source.referred(schema.get("$ref"), at)), at);
    }
    for (Branch branch : branches(schema, "allOf", pointer)) {
      shapes = both(shapes, branch.shapes, branch.pointer);
    }
    List<Branch> any = branches(schema, "anyOf", pointer);
    if (!any.isEmpty()) {
      shapes = both(shapes, union(any, SchemaSource.below(pointer, "anyOf")), pointer);
    }
    List<Branch> one = branches(schema, "oneOf", pointer);
    if (!one.isEmpty()) {
      String at = SchemaSource.below(pointer, "oneOf");
      List<Branch> within = new ArrayList<>();
      for (Branch branch : one) {
        within.add(new Branch(both(shapes, branch.shapes, at), branch.pointer));
      }
      unchecked.add(new OneOf(within, at));
      shapes = union(within, at);
    }
    return shapes;
  }

  private record Branch(List<Shape> shapes, String pointer) {}

  private record OneOf(List<Branch> branches, String pointer) {}

  private List<Branch> branches(JsonNode schema, String keyword, String pointer) {
    JsonNode all = schema.get(keyword);
    if (all == null) {
      return List.of();
    }
    String at = SchemaSource.below(pointer, keyword);
    if (!all.isArray() || all.isEmpty()) {
      throw SchemaSource.refused(at, "must be an array of schemas");
    }
    List<Branch> branches = new ArrayList<>();
    for (JsonNode branch : all) {
      String below = SchemaSource.below(at, Integer.toString(branches.size()));
      branches.add(new Branch(of(source.numbered(branch, below)), below));
    }
    return branches;
  }

  private static List<Shape> union(List<Branch> branches, String pointer) {
    Set<Shape> union = new LinkedHashSet<>();
    branches.forEach(branch -> union.addAll(branch.shapes));
    return limited(union, pointer);
  }

  private static List<Shape> limited(Collection<Shape> shapes, String pointer) {
    if (shapes.size() > MAX_SHAPES) {
      throw SchemaSource.refused(
          pointer, "allows more than %,d alternatives".formatted(MAX_SHAPES));
    }
    return List.copyOf(shapes);
  }

  private List<Shape> both(List<Shape> some, List<Shape> others, String pointer) {
    if ((long) some.size() * others.size() > MAX_PAIRS) {
      throw SchemaSource.refused(
          pointer, "combines %,d alternatives with %,d".formatted(some.size(), others.size()));
    }
    Set<Shape> shapes = new LinkedHashSet<>();
    for (Shape one : some) {
      for (Shape other : others) {
        Shape both;
        try {
          both = Shapes.both(one, other, source.effort());
        } catch (IllegalArgumentException e) {
          throw SchemaSource.refused(pointer, e.getMessage());
        }
        if (both != null) {
          shapes.add(both);
        }
      }
    }
    return limited(shapes, pointer);
  }

  /** The shapes of values that are given. */
  private List<Shape> values(Iterable<JsonNode> values, String pointer) {
    Set<Shape> shapes = new LinkedHashSet<>();
    Set<String> texts = new HashSet<>();
    for (JsonNode value : values) {
      switch (value.getNodeType()) {
        case STRING -> {
          SchemaReader.checkText(value.textValue(), pointer);
          texts.add(value.textValue());
        }
        case NUMBER -> {
          SchemaReader.checkSize(value.decimalValue(), pointer);
          shapes.add(new Shape.Figure(value.decimalValue()));
        }
        case ARRAY -> shapes.add(array(value, pointer));
        case OBJECT -> shapes.add(object(value, pointer));
        default -> shapes.add(new Shape.Word(value.asText()));
      }
    }
    if (!texts.isEmpty()) {
      try {
        shapes.add(new Shape.Strings(0, Integer.MAX_VALUE, CharacterAutomaton.of(texts)));
      } catch (IllegalArgumentException e) {
        throw SchemaSource.refused(pointer, e.getMessage());
      }
    }
    return limited(shapes, pointer);
  }

  private Shape array(JsonNode array, String pointer) {
    List<Set<Integer>> items = new ArrayList<>();
    array.forEach(item -> items.add(source.constant(item, pointer)));
    return new Shape.Arrays(
        List.copyOf(items), source.nothing(pointer), items.size(), items.size());
  }

  private Shape object(JsonNode object, String pointer) {
    Map<String, Set<Integer>> properties = new TreeMap<>();
    object
        .properties()
        .forEach(
            property -> {
              SchemaReader.checkText(property.getKey(), pointer);
              properties.put(property.getKey(), source.constant(property.getValue(), pointer));
            });
    return new Shape.Objects(properties, properties.keySet(), source.nothing(pointer));
  }

  /**
   * Makes sure that no value satisfies two branches of a oneOf. Done last, as branches may refer to
   * what is around them.
   *
   * @throws IllegalArgumentException if that is not certain
   */
  void checkDisjoint() {
    while (!unchecked.isEmpty()) {
      OneOf next = unchecked.remove();
      for (Branch one : next.branches) {
        for (Branch other : next.branches.subList(0, next.branches.indexOf(one))) {
          if (!disjoint(one.shapes, other.shapes, DISJOINT_DEPTH)) {
            throw SchemaSource.refused(
                next.pointer,
                ("must have branches of which no value satisfies two (other types, or a required"
                        + " property with other values); cannot tell %s from %s; anyOf allows both")
                    .formatted(other.pointer, one.pointer));
          }
        }
      }
    }
  }

  private boolean disjoint(List<Shape> some, List<Shape> others, int depth) {
    for (Shape one : some) {
      for (Shape other : others) {
        if (++comparisons > MAX_COMPARISONS
            || !isEmpty(Shapes.both(one, other, source.effort()), depth)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isEmpty(Shape both, int depth) {
    return switch (both) {
      case null -> true;
      case Shape.Numbers numbers -> Values.isEmpty(numbers);
      case Shape.Strings strings -> Values.isEmpty(strings, source.effort());
      case Shape.Arrays arrays -> depth > 0 && isEmpty(arrays, depth);
      case Shape.Objects objects -> depth > 0 && isEmpty(objects, depth);
      case Shape.Word word -> false;
      case Shape.Figure figure -> false;
    };
  }

  private boolean isEmpty(Shape.Arrays arrays, int depth) {
    for (int index = 0; index < Math.min(arrays.minimum(), arrays.prefix().size() + 1); index++) {
      if (isEmpty(arrays.item(index), depth - 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean isEmpty(Shape.Objects objects, int depth) {
    return objects.required().stream().anyMatch(name -> isEmpty(objects.property(name), depth - 1));
  }

  /** Whether no value satisfies all these schemas, for certain. */
  private boolean isEmpty(Set<Integer> schemas, int depth) {
    for (Shape shape : of(schemas)) {
      if (++comparisons > MAX_COMPARISONS || !isEmpty(shape, depth)) {
        return false;
      }
    }
    return true;
  }
}
