package io.sensorium.models.world;

import java.util.List;
import java.util.Locale;

/** The pale texture behind a scene. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable
public enum Background {
  PLAIN("plain", "blank", "uniform"),
  STRIPED("striped", "stripy", "lined"),
  DOTTED("dotted", "spotted", "polka dot"),
  CHECKED("checked", "checkered", "chequered");

  private final List<String> words;

  Background(String... words) {
    this.words = List.of(words);
  }

  /** Adjectives, the usual one first. */
  public List<String> words() {
    return words;
  }

  /** The stable lower-case name used in files and metadata. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
