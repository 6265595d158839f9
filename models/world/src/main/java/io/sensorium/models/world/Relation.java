package io.sensorium.models.world;

import java.util.List;
import java.util.Locale;

/**
 * How the first group of a two-kind scene lies to the second. The converses (right of, below) are
 * wordings of the same arrangement, so a scene has one canonical order of its groups.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable
public enum Relation {
  LEFT_OF(
      List.of("to the left of", "left of", "on the left of"),
      List.of("to the right of", "right of", "on the right of"),
      Position.MIDDLE_LEFT,
      Position.MIDDLE_RIGHT),
  ABOVE(
      List.of("above", "over", "on top of"),
      List.of("below", "under", "beneath"),
      Position.TOP_CENTRE,
      Position.BOTTOM_CENTRE);

  private final List<String> words;
  private final List<String> converseWords;
  private final Position first;
  private final Position second;

  Relation(List<String> words, List<String> converseWords, Position first, Position second) {
    this.words = words;
    this.converseWords = converseWords;
    this.first = first;
    this.second = second;
  }

  /** Prepositions for "first ... second", the usual one first. */
  public List<String> words() {
    return words;
  }

  /** Prepositions for "second ... first", the usual one first. */
  public List<String> converseWords() {
    return converseWords;
  }

  /** Where the group at {@code index} (0 or 1) lies in the image. */
  public Position positionOf(int index) {
    return switch (index) {
      case 0 -> first;
      case 1 -> second;
      default ->
          throw new IndexOutOfBoundsException("a relation joins groups 0 and 1; got " + index);
    };
  }

  /** The stable lower-case name used in files and metadata. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
