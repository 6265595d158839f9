package io.sensorium.models.world.talk;

import io.sensorium.models.world.Claim;
import io.sensorium.models.world.Colour;
import io.sensorium.models.world.CountRange;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Thing;
import io.sensorium.models.world.talk.Medium.Sense;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What follows from a medium's text. Everything in the scene has been told of, so that what was not
 * told of is not there; single attributes may be open. Immutable.
 */
record Known(Sense sense, Claim claim) {

  static Known of(Medium medium) {
    return new Known(medium.sense(), medium.claim());
  }

  List<GroupClaim> groups() {
    return claim.groups();
  }

  boolean pair() {
    return groups().size() == 2;
  }

  boolean picture() {
    return sense == Sense.PICTURE;
  }

  GroupClaim group(int index) {
    return groups().get(index);
  }

  /** Where a group lies, as far as that is known. */
  Optional<Position> position(int index) {
    return pair()
        ? claim.relation().map(relation -> relation.positionOf(index))
        : group(index).position();
  }

  /** An attribute of all groups; empty where one of them is open. */
  <E> Optional<List<E>> all(Function<GroupClaim, Optional<E>> attribute) {
    List<E> values = groups().stream().map(attribute).flatMap(Optional::stream).toList();
    return values.size() == groups().size() ? Optional.of(values) : Optional.empty();
  }

  /** How many of {@code thing} there are: zero, a number, several, or open. */
  Optional<CountOf> count(Thing thing) {
    for (GroupClaim group : groups()) {
      if (group.thing().equals(Optional.of(thing))) {
        return Optional.of(new CountOf(group.count()));
      }
    }
    return all(GroupClaim::thing).map(_ -> CountOf.NONE);
  }

  /** How many objects of {@code colour} there are. */
  Optional<CountOf> count(Colour colour) {
    return all(GroupClaim::colour)
        .map(
            _ ->
                groups().stream()
                    .filter(group -> group.colour().equals(Optional.of(colour)))
                    .map(group -> new CountOf(group.count()))
                    .reduce(CountOf.NONE, CountOf::plus));
  }

  /** How many objects there are in all. */
  CountOf total() {
    return groups().stream()
        .map(group -> new CountOf(group.count()))
        .reduce(CountOf.NONE, CountOf::plus);
  }

  /** Whether {@code thing} is there; empty where that is open. */
  Optional<Boolean> has(Thing thing) {
    return count(thing).map(count -> count.least() > 0);
  }

  Collection<Thing> things() {
    return groups().stream().map(GroupClaim::thing).flatMap(Optional::stream).toList();
  }

  /** A number of objects from nothing to an open end. */
  record CountOf(int least, int most) {
    static final CountOf NONE = new CountOf(0, 0);

    CountOf(CountRange range) {
      this(range.least(), range.most());
    }

    CountOf plus(CountOf other) {
      long sum = (long) most + other.most;
      return new CountOf(least + other.least, (int) Math.min(Integer.MAX_VALUE, sum));
    }

    Optional<Integer> exact() {
      return least == most ? Optional.of(least) : Optional.empty();
    }

    String answer() {
      return exact().map(Answers::of).orElse(least > 1 ? Answers.SEVERAL : Answers.UNKNOWN);
    }
  }
}
