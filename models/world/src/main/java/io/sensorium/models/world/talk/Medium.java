package io.sensorium.models.world.talk;

import io.sensorium.models.world.Claim;
import java.util.List;
import java.util.Objects;

/**
 * A picture or a sound of one scene, told in words. Immutable.
 *
 * @param parts the text in pieces that end at a space; the words of one piece mean the same in any
 *     order where {@code unordered}
 * @param claim what the text says; it has one claimed group for every group of the scene
 * @param unordered whether each piece is a mere heap of words
 */
public record Medium(Sense sense, List<String> parts, Claim claim, boolean unordered) {

  /** How a scene is perceived. */
  public enum Sense {
    PICTURE,
    SOUND
  }

  public Medium {
    Objects.requireNonNull(sense, "sense");
    Objects.requireNonNull(claim, "claim");
    parts = List.copyOf(parts);
    if (parts.isEmpty() || parts.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a medium needs parts with text; got " + parts);
    }
    if (claim.groups().isEmpty()) {
      throw new IllegalArgumentException("a medium tells of 1 or 2 groups; got none");
    }
  }

  /** The whole text. */
  public String text() {
    return String.join(" ", parts);
  }
}
