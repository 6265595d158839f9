package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;

/**
 * A layer's name that a pattern from outside is matched against: a pattern that looks at it again
 * and again, as some do exponentially often, ends with an error. One thread at a time, one match.
 */
final class BoundedName implements CharSequence {
  private static final int MAX_LOOKS = 1_000_000;

  private final String name;
  private int looks;

  BoundedName(String name) {
    this.name = name;
  }

  @Override
  public int length() {
    return name.length();
  }

  @Override
  public char charAt(int index) {
    looks++;
    if (looks > MAX_LOOKS) {
      throw new ModelLoadException(
          "a pattern must match '%s' in %d steps; it takes more".formatted(name, MAX_LOOKS));
    }
    return name.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return name.substring(start, end);
  }

  @Override
  public String toString() {
    return name;
  }
}
