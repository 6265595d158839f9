package io.sensorium.models.world.talk;

import java.util.Locale;

/** What a question asks for. */
public enum QuestionKind {
  THING,
  COLOUR,
  COUNT,
  SIZE,
  POSITION,
  BACKGROUND,
  /** Whether something is so. */
  YES_NO,
  /** Two groups, or two media, against each other. */
  COMPARISON,
  /** Sums and differences, of what the media show or of bare numbers. */
  ARITHMETIC,
  /** Two attributes in one question. */
  COMPOUND,
  /** Everything that is known, in one sentence. */
  DESCRIPTION;

  /** The stable lower-case name used in files and figures. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
