package io.sensorium.language.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Objects as values: properties in any order, each at most once, and perhaps others. */
final class ObjectValue implements Value.Choice {
  /** A property that the schema names. */
  static final class Property {
    private final String name;
    private final int[] points;
    private final Value value;
    private final boolean required;

    private Property(String name, Value value, boolean required) {
      this.name = name;
      this.points = name.codePoints().toArray();
      this.value = value;
      this.required = required;
    }

    /** Code points of the name. */
    int length() {
      return points.length;
    }

    int point(int index) {
      return points[index];
    }

    Value value() {
      return value;
    }

    boolean required() {
      return required;
    }
  }

  /** By code points, so that those with one beginning lie together. */
  private final List<Property> properties;

  private final Map<String, Integer> indices = new HashMap<>();
  private final Value additional;
  private final Spelling spelling;
  private int height = Frame.MAX_DEPTH + 1;

  ObjectValue(Map<String, Value> named, Set<String> required, Value additional, Spelling spelling) {
    List<Property> sorted = new ArrayList<>();
    named.forEach((name, value) -> sorted.add(new Property(name, value, required.contains(name))));
    sorted.sort((a, b) -> Arrays.compare(a.points, b.points));
    this.properties = List.copyOf(sorted);
    for (int index = 0; index < sorted.size(); index++) {
      indices.put(sorted.get(index).name, index);
    }
    this.additional = additional;
    this.spelling = spelling;
  }

  List<Property> properties() {
    return properties;
  }

  /** What others may be. */
  Value additional() {
    return additional;
  }

  boolean names(String name) {
    return indices.containsKey(name);
  }

  Spelling spelling() {
    return spelling;
  }

  /** Bytes of a property's name from a code point on. */
  int bytes(Property property, int from) {
    int sum = 0;
    for (int index = from; index < property.points.length; index++) {
      sum = Spelling.sum(sum, spelling.bytes(property.points[index]));
    }
    return sum;
  }

  /** Bytes of a property with a comma before it. */
  int bytes(Property property) {
    return Spelling.sum(4L + bytes(property, 0), property.value.shortest());
  }

  /** Bytes of all properties that must be there, each after a comma. */
  private int needed() {
    int bytes = 0;
    for (Property property : properties) {
      if (property.required) {
        bytes = Spelling.sum(bytes, bytes(property));
      }
    }
    return bytes;
  }

  @Override
  public int shortest() {
    int needed = needed();
    return Spelling.sum(2, needed > 0 ? needed - 1 : 0);
  }

  @Override
  public void measure() {
    int highest = 0;
    for (Property property : properties) {
      if (property.required) {
        highest = Math.max(highest, property.value.height());
      }
    }
    height = highest + 1;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public void enter(int next, Frame parent, List<Frame> out) {
    if (next == '{') {
      out.add(ObjectFrame.open(this, needed(), parent));
    }
  }

  @Override
  public int witness(Frame parent) {
    return '{';
  }
}
