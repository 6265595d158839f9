package io.sensorium.language.schema;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a schema says about values of one type; a schema allows a union of shapes. Immutable. The
 * schemas of values within are sets of numbers, as {@link SchemaSource} gives them, all of which
 * must hold; an empty set allows anything.
 */
sealed interface Shape {
  /** The literals {@code null}, {@code true}, {@code false}. */
  record Word(String word) implements Shape {}

  /** A number that is given. */
  record Figure(BigDecimal value) implements Shape {
    public Figure {
      value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }
  }

  /** Numbers within bounds; what does not matter is null. */
  record Numbers(
      boolean integer,
      BigDecimal minimum,
      boolean minimumExcluded,
      BigDecimal maximum,
      boolean maximumExcluded,
      BigDecimal multipleOf)
      implements Shape {
    static final Numbers ALL = new Numbers(false, null, false, null, false, null);

    boolean contains(BigDecimal value) {
      if ((integer && value.stripTrailingZeros().scale() > 0)
          || (multipleOf != null && value.remainder(multipleOf).signum() != 0)) {
        return false;
      }
      int low = minimum == null ? 1 : value.compareTo(minimum);
      int high = maximum == null ? -1 : value.compareTo(maximum);
      return (low > 0 || (low == 0 && !minimumExcluded))
          && (high < 0 || (high == 0 && !maximumExcluded));
    }
  }

  /** Strings of so many code points; the automaton is null where they may be any. */
  record Strings(int minimum, int maximum, CharacterAutomaton automaton) implements Shape {
    static final Strings ALL = new Strings(0, Integer.MAX_VALUE, null);
  }

  /** Arrays: first these, then the rest alike. */
  record Arrays(List<Set<Integer>> prefix, Set<Integer> rest, int minimum, int maximum)
      implements Shape {
    static final Arrays ALL = new Arrays(List.of(), Set.of(), 0, Integer.MAX_VALUE);

    Set<Integer> item(int index) {
      return index < prefix.size() ? prefix.get(index) : rest;
    }
  }

  /** Objects: these properties, and others alike. */
  record Objects(
      Map<String, Set<Integer>> properties, Set<String> required, Set<Integer> additional)
      implements Shape {
    static final Objects ALL = new Objects(Map.of(), Set.of(), Set.of());

    Set<Integer> property(String name) {
      return properties.getOrDefault(name, additional);
    }
  }
}
