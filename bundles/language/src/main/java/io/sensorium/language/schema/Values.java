package io.sensorium.language.schema;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes values of schemas: what may stand where, and how short it can be. One thread at a time. */
final class Values {
  /** Places for values that differ from each other. */
  static final int MAX_VALUES = 10_000;

  /** Strings, arrays and objects that may stand in one place. */
  static final int MAX_CHOICES = 64;

  /** Longest form of a given number that is written without an exponent. */
  private static final int PLAIN_DIGITS = 40;

  private record Place(Value value, List<Shape> shapes, String pointer) {}

  private final SchemaSource source;
  private final SchemaShapes shapes;
  private final Spelling spelling;
  private final Map<Set<Integer>, Value> known = new HashMap<>();
  private final List<Value> all = new ArrayList<>();
  private final Deque<Place> open = new ArrayDeque<>();
  private final Map<Shape.Strings, Value.Strings> strings = new HashMap<>();

  private Values(SchemaSource source, Spelling spelling) {
    this.source = source;
    this.shapes = new SchemaShapes(source);
    this.spelling = spelling;
  }

  /**
   * What a schema allows.
   *
   * @throws IllegalArgumentException if it is not supported, or no value satisfies it
   */
  static Value of(SchemaSource source, Spelling spelling) {
    Values values = new Values(source, spelling);
    Value root = values.value(source.root());
    while (!values.open.isEmpty()) {
      values.fill(values.open.remove());
    }
    values.shapes.checkDisjoint();
    values.measure();
    if (!root.possible()) {
      throw SchemaSource.refused(
          "#",
          "is satisfied by no value of up to %,d bytes and numbers of %d digits"
              .formatted(Spelling.NEVER, NumberRange.DIGITS));
    }
    if (root.height() > Frame.MAX_DEPTH) {
      throw SchemaSource.refused(
          "#", "needs more than %d arrays or objects within each other".formatted(Frame.MAX_DEPTH));
    }
    return root;
  }

  private Value value(Set<Integer> schemas) {
    Value value = known.get(schemas);
    if (value == null) {
      String pointer = schemas.isEmpty() ? "#" : source.pointer(new TreeSet<>(schemas).getFirst());
      if (all.size() >= MAX_VALUES) {
        throw SchemaSource.refused(
            pointer, "is one value too many: %,d at most".formatted(MAX_VALUES));
      }
      value = new Value();
      known.put(schemas, value);
      all.add(value);
      open.add(new Place(value, shapes.of(schemas), pointer));
    }
    return value;
  }

  private void fill(Place place) {
    List<Value.Choice> choices = new ArrayList<>();
    TreeSet<String> words = new TreeSet<>();
    for (Shape shape : place.shapes) {
      switch (shape) {
        case Shape.Word word -> words.add(word.word());
        case Shape.Figure figure -> words.add(written(figure.value()));
        case Shape.Numbers numbers -> choices.add(new Value.Numbers(NumberRange.of(numbers)));
        case Shape.Strings some -> {
          if (!isEmpty(some, source.effort())) {
            choices.add(strings(some, place.pointer));
          }
        }
        case Shape.Arrays arrays -> choices.add(array(arrays));
        case Shape.Objects objects -> choices.add(object(objects));
      }
    }
    if (choices.size() > MAX_CHOICES) {
      throw SchemaSource.refused(
          place.pointer,
          "allows %d kinds of strings, numbers, arrays or objects in one place; %d at most"
              .formatted(choices.size(), MAX_CHOICES));
    }
    if (!words.isEmpty()) {
      choices.add(new Value.Literals(List.copyOf(words)));
    }
    place.value.choices(choices);
  }

  private static String written(BigDecimal number) {
    String plain =
        Math.abs(number.scale()) < PLAIN_DIGITS ? number.toPlainString() : number.toString();
    return plain.length() <= PLAIN_DIGITS ? plain : number.toString();
  }

  private Value.Choice strings(Shape.Strings shape, String pointer) {
    try {
      return strings.computeIfAbsent(shape, some -> new Value.Strings(language(some), spelling));
    } catch (IllegalArgumentException e) {
      throw SchemaSource.refused(pointer, e.getMessage());
    }
  }

  private StringLanguage language(Shape.Strings shape) {
    return shape.automaton() == null
        ? new FreeText(shape.minimum(), shape.maximum(), spelling)
        : new SpelledAutomaton(limited(shape, source.effort()), spelling);
  }

  private static CharacterAutomaton limited(Shape.Strings shape, Effort effort) {
    CharacterAutomaton automaton = shape.automaton();
    return shape.minimum() == 0 && shape.maximum() == Integer.MAX_VALUE
        ? automaton
        : automaton.and(CharacterAutomaton.lengths(shape.minimum(), shape.maximum()), effort);
  }

  /** Whether no string is like this. */
  static boolean isEmpty(Shape.Strings shape, Effort effort) {
    if (shape.automaton() == null) {
      return shape.minimum() > shape.maximum();
    }
    try {
      return limited(shape, effort).isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether no number is like this. */
  static boolean isEmpty(Shape.Numbers shape) {
    return NumberFrame.shortest(NumberRange.of(shape)) >= Spelling.NEVER;
  }

  private Value.Choice array(Shape.Arrays shape) {
    return new ArrayValue(
        shape.prefix().stream().map(this::value).toList(),
        value(shape.rest()),
        shape.minimum(),
        shape.maximum());
  }

  private Value.Choice object(Shape.Objects shape) {
    Map<String, Value> properties = new TreeMap<>();
    shape.properties().forEach((name, schemas) -> properties.put(name, value(schemas)));
    shape
        .required()
        .forEach(name -> properties.computeIfAbsent(name, key -> value(shape.additional())));
    return new ObjectValue(properties, shape.required(), value(shape.additional()), spelling);
  }

  /** Finds the shortest values: what is within others is mostly made after them. */
  private void measure() {
    boolean found = true;
    while (found) {
      found = false;
      for (Value value : all.reversed()) {
        found |= value.shorten();
      }
      for (Value value : all) {
        found |= value.shorten();
      }
    }
    all.stream().sorted(Comparator.comparingInt(Value::shortest)).forEach(Value::measure);
    all.forEach(Value::finish);
  }
}
