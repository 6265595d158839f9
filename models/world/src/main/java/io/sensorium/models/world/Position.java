package io.sensorium.models.world;

import java.util.List;
import java.util.Locale;

/**
 * Where a group lies: a three by three grid. The world's sentences are exact: "on the left" means
 * half-way up on the left, never a left corner.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable
public enum Position {
  TOP_LEFT(0, 0, "in the top left", "at the top left", "in the upper left corner"),
  TOP_CENTRE(1, 0, "at the top center", "at the top", "in the top middle"),
  TOP_RIGHT(2, 0, "in the top right", "at the top right", "in the upper right corner"),
  MIDDLE_LEFT(0, 1, "on the left", "at the left", "on the left side"),
  CENTRE(1, 1, "in the center", "in the middle", "in the centre"),
  MIDDLE_RIGHT(2, 1, "on the right", "at the right", "on the right side"),
  BOTTOM_LEFT(0, 2, "in the bottom left", "at the bottom left", "in the lower left corner"),
  BOTTOM_CENTRE(1, 2, "at the bottom center", "at the bottom", "in the bottom middle"),
  BOTTOM_RIGHT(2, 2, "in the bottom right", "at the bottom right", "in the lower right corner");

  private final int column;
  private final int row;
  private final List<String> words;

  Position(int column, int row, String... words) {
    this.column = column;
    this.row = row;
    this.words = List.of(words);
  }

  /** 0 is left, 1 the centre, 2 right. */
  public int column() {
    return column;
  }

  /** 0 is the top, 1 the middle, 2 the bottom. */
  public int row() {
    return row;
  }

  /** Adverbial phrases such as "in the top left", the usual one first. */
  public List<String> words() {
    return words;
  }

  /** The stable lower-case name used in files and metadata. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
