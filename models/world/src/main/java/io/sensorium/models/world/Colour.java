package io.sensorium.models.world;

import java.util.List;
import java.util.Locale;

/** The main ink of a group. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable
public enum Colour {
  RED(220, 35, 35, "red", "scarlet", "crimson"),
  ORANGE(245, 135, 20, "orange"),
  YELLOW(245, 220, 40, "yellow"),
  GREEN(40, 160, 60, "green"),
  CYAN(40, 200, 215, "cyan", "turquoise"),
  BLUE(40, 70, 210, "blue"),
  PURPLE(130, 45, 170, "purple", "violet"),
  PINK(250, 130, 190, "pink");

  private final int red;
  private final int green;
  private final int blue;
  private final List<String> words;

  Colour(int red, int green, int blue, String... words) {
    this.red = red;
    this.green = green;
    this.blue = blue;
    this.words = List.of(words);
  }

  /** The nominal sRGB value as {@code 0xRRGGBB}; the renderer varies it a little. */
  public int rgb() {
    return red << 16 | green << 8 | blue;
  }

  /** The usual word first, then its synonyms. */
  public List<String> words() {
    return words;
  }

  /** The stable lower-case name used in files and metadata. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
