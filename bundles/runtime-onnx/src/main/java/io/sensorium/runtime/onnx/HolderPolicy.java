package io.sensorium.runtime.onnx;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who keeps memory and who gives it back first, by the first word of an owner's name: a model's id.
 * Immutable.
 *
 * @param pinned who is never asked to leave
 * @param priorities of owners; others have their holder's own
 * @param idleTimeout after which the idle are asked to leave; zero for never
 */
record HolderPolicy(Set<String> pinned, Map<String, Integer> priorities, Duration idleTimeout) {
  static final HolderPolicy NONE = new HolderPolicy(Set.of(), Map.of(), Duration.ZERO);

  HolderPolicy {
    pinned = Set.copyOf(pinned);
    priorities = Map.copyOf(priorities);
    if (idleTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "an idle time-out must not be negative; got " + idleTimeout);
    }
  }

  /**
   * Reads a configuration's lists, separated by commas.
   *
   * @param pinned ids
   * @param priorities {@code id=number}
   * @throws IllegalArgumentException if a priority is none
   */
  static HolderPolicy parse(String pinned, String priorities, Duration idleTimeout) {
    return new HolderPolicy(
        parts(pinned).collect(Collectors.toSet()),
        parts(priorities)
            .map(HolderPolicy::priorityOf)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
        idleTimeout);
  }

  private static Stream<String> parts(String list) {
    return Arrays.stream(list.split(",", -1)).map(String::strip).filter(part -> !part.isEmpty());
  }

  private static Map.Entry<String, Integer> priorityOf(String part) {
    int equals = part.indexOf('=');
    try {
      return Map.entry(
          part.substring(0, Math.max(0, equals)).strip(),
          Integer.valueOf(part.substring(equals + 1).strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a priority must be id=number; got '" + part + "'", e);
    }
  }

  boolean isPinned(String owner) {
    return pinned.contains(name(owner));
  }

  Optional<Integer> priority(String owner) {
    return Optional.ofNullable(priorities.get(name(owner)));
  }

  private static String name(String owner) {
    int space = owner.indexOf(' ');
    return space < 0 ? owner : owner.substring(0, space);
  }
}
