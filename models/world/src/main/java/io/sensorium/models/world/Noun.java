package io.sensorium.models.world;

import java.util.Objects;

/**
 * A countable noun in both its forms. Immutable.
 *
 * @param singular the form for exactly one, lower case
 * @param plural the form for two and more, lower case, never equal to the singular: the world's
 *     captions tell one from several by the noun alone
 */
public record Noun(String singular, String plural) {

  public Noun {
    Objects.requireNonNull(singular, "singular");
    Objects.requireNonNull(plural, "plural");
    if (singular.isBlank() || plural.isBlank() || singular.equals(plural)) {
      throw new IllegalArgumentException(
          "a noun needs two different forms; got '" + singular + "' and '" + plural + "'");
    }
  }

  /** A noun whose plural is its singular followed by "s". */
  public static Noun regular(String singular) {
    return new Noun(singular, singular + "s");
  }

  /** The form that goes with {@code count} objects. */
  public String form(int count) {
    return count == 1 ? singular : plural;
  }
}
