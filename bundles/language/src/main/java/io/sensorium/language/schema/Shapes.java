package io.sensorium.language.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What two shapes have in common. */
final class Shapes {
  private Shapes() {}

  /** A shape of the values that both allow; null if there are none for certain. */
  static Shape both(Shape one, Shape other, Effort effort) {
    effort.spend(1);
    return switch (one) {
      case Shape.Word word -> word.equals(other) ? word : null;
      case Shape.Figure figure ->
          switch (other) {
            case Shape.Figure same -> figure.equals(same) ? figure : null;
            case Shape.Numbers numbers -> numbers.contains(figure.value()) ? figure : null;
            default -> null;
          };
      case Shape.Numbers numbers ->
          switch (other) {
            case Shape.Figure figure -> both(figure, numbers, effort);
            case Shape.Numbers more -> both(numbers, more);
            default -> null;
          };
      case Shape.Strings strings ->
          other instanceof Shape.Strings more ? both(strings, more, effort) : null;
      case Shape.Arrays arrays ->
          other instanceof Shape.Arrays more ? both(arrays, more, effort) : null;
      case Shape.Objects objects ->
          other instanceof Shape.Objects more ? both(objects, more, effort) : null;
    };
  }

  private static Shape both(Shape.Numbers one, Shape.Numbers other) {
    boolean lower = isStricter(one.minimum(), one.minimumExcluded(), other.minimum(), 1);
    boolean upper = isStricter(one.maximum(), one.maximumExcluded(), other.maximum(), -1);
    return new Shape.Numbers(
        one.integer() || other.integer(),
        lower ? one.minimum() : other.minimum(),
        lower ? one.minimumExcluded() : other.minimumExcluded(),
        upper ? one.maximum() : other.maximum(),
        upper ? one.maximumExcluded() : other.maximumExcluded(),
        common(one.multipleOf(), other.multipleOf()));
  }

  private static boolean isStricter(
      BigDecimal one, boolean excluded, BigDecimal other, int direction) {
    if (one == null || other == null) {
      return one != null;
    }
    int order = one.compareTo(other) * direction;
    return order > 0 || (order == 0 && excluded);
  }

  /** The least common multiple. */
  private static BigDecimal common(BigDecimal one, BigDecimal other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    int scale = Math.max(0, Math.max(one.scale(), other.scale()));
    BigInteger first = one.movePointRight(scale).toBigIntegerExact();
    BigInteger second = other.movePointRight(scale).toBigIntegerExact();
    return new BigDecimal(first.multiply(second).divide(first.gcd(second)), scale);
  }

  private static Shape both(Shape.Strings one, Shape.Strings other, Effort effort) {
    int minimum = Math.max(one.minimum(), other.minimum());
    int maximum = Math.min(one.maximum(), other.maximum());
    CharacterAutomaton automaton =
        one.automaton() == null || other.automaton() == null
            ? one.automaton() == null ? other.automaton() : one.automaton()
            : one.automaton().and(other.automaton(), effort);
    return minimum > maximum || (automaton != null && automaton.isEmpty())
        ? null
        : new Shape.Strings(minimum, maximum, automaton);
  }

  private static Shape both(Shape.Arrays one, Shape.Arrays other, Effort effort) {
    effort.spend(one.prefix().size() + other.prefix().size());
    int minimum = Math.max(one.minimum(), other.minimum());
    int maximum = Math.min(one.maximum(), other.maximum());
    if (minimum > maximum) {
      return null;
    }
    List<Set<Integer>> prefix = new ArrayList<>();
    int length = Math.max(one.prefix().size(), other.prefix().size());
    for (int index = 0; index < length; index++) {
      prefix.add(union(one.item(index), other.item(index)));
    }
    return new Shape.Arrays(List.copyOf(prefix), union(one.rest(), other.rest()), minimum, maximum);
  }

  private static Shape both(Shape.Objects one, Shape.Objects other, Effort effort) {
    effort.spend(one.properties().size() + other.properties().size());
    Map<String, Set<Integer>> properties = new TreeMap<>();
    for (String name : union(one.properties().keySet(), other.properties().keySet())) {
      properties.put(name, union(one.property(name), other.property(name)));
    }
    return new Shape.Objects(
        properties,
        union(one.required(), other.required()),
        union(one.additional(), other.additional()));
  }

  static <T> Set<T> union(Set<T> one, Set<T> other) {
    if (one.containsAll(other)) {
      return one;
    }
    Set<T> union = new HashSet<>(one);
    union.addAll(other);
    return Set.copyOf(union);
  }
}
