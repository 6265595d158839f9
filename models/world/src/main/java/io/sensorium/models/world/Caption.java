package io.sensorium.models.world;

import java.util.Objects;

/**
 * A sentence together with what it says. Immutable.
 *
 * @param text the sentence, lower case, without a final stop
 * @param claim the meaning of {@code text}
 */
public record Caption(String text, Claim claim) {

  public Caption {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(claim, "claim");
    if (text.isBlank()) {
      throw new IllegalArgumentException("a caption needs text; got '" + text + "'");
    }
  }

  /** Whether everything the sentence says is true of {@code scene}. */
  public boolean matches(Scene scene) {
    return claim.holds(scene);
  }
}
