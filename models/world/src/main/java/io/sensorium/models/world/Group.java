package io.sensorium.models.world;

import java.util.Objects;

/**
 * Equal things together: one to {@value #MAXIMUM_COUNT} of one kind, colour and size. Immutable.
 *
 * @param count how many things are seen, and how many strikes are heard
 */
public record Group(Thing thing, Colour colour, int count, Size size) {

  /** The largest number of things in a group. */
  public static final int MAXIMUM_COUNT = 4;

  public Group {
    Objects.requireNonNull(thing, "thing");
    Objects.requireNonNull(colour, "colour");
    Objects.requireNonNull(size, "size");
    if (count < 1 || count > MAXIMUM_COUNT) {
      throw new IllegalArgumentException(
          "a group holds 1.." + MAXIMUM_COUNT + " things; got " + count + " of " + thing);
    }
  }
}
