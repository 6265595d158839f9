package io.sensorium.models.world;

import java.util.Objects;
import java.util.Optional;

/**
 * What a sentence says about one group; an empty attribute is not mentioned. Immutable.
 *
 * @param count how many objects with all the other named attributes there are
 */
public record GroupClaim(
    Optional<Thing> thing,
    Optional<Colour> colour,
    Optional<Size> size,
    Optional<Position> position,
    CountRange count) {

  /** Says nothing. */
  public static final GroupClaim ANY =
      new GroupClaim(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), CountRange.ANY);

  public GroupClaim {
    Objects.requireNonNull(thing, "thing");
    Objects.requireNonNull(colour, "colour");
    Objects.requireNonNull(size, "size");
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(count, "count");
  }

  /** This claim, naming {@code value} as the thing. */
  public GroupClaim with(Thing value) {
    return new GroupClaim(Optional.of(value), colour, size, position, count);
  }

  /** This claim, naming {@code value} as the colour. */
  public GroupClaim with(Colour value) {
    return new GroupClaim(thing, Optional.of(value), size, position, count);
  }

  /** This claim, naming {@code value} as the size. */
  public GroupClaim with(Size value) {
    return new GroupClaim(thing, colour, Optional.of(value), position, count);
  }

  /** This claim, naming {@code value} as the position. */
  public GroupClaim with(Position value) {
    return new GroupClaim(thing, colour, size, Optional.of(value), count);
  }

  /** This claim, naming {@code value} as the count. */
  public GroupClaim with(CountRange value) {
    return new GroupClaim(thing, colour, size, position, value);
  }

  /** Whether thing, colour, size and position, as far as they are named, are those of a group. */
  boolean describes(Group group, Position where) {
    return agrees(thing, group.thing())
        && agrees(colour, group.colour())
        && agrees(size, group.size())
        && agrees(position, where);
  }

  private static <E extends Enum<E>> boolean agrees(Optional<E> named, E actual) {
    return named.isEmpty() || named.get() == actual;
  }
}
