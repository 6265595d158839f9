package io.sensorium.models.world;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What one image shows and one clip sounds like: either one group at a position, or two groups of
 * different things in a relation. Immutable; two scenes are equal when all their attributes are.
 *
 * @param groups one group, or two of different things with at most {@value #MAXIMUM_OBJECTS}
 *     objects together; of two, the first is the left or upper one
 * @param position where the only group lies; empty for two groups
 * @param relation how two groups lie to each other; empty for one group
 */
public record Scene(
    List<Group> groups,
    Optional<Position> position,
    Optional<Relation> relation,
    Background background) {

  /** The largest number of objects in a scene of two kinds. */
  public static final int MAXIMUM_OBJECTS = 5;

  public Scene {
    groups = List.copyOf(groups);
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(relation, "relation");
    Objects.requireNonNull(background, "background");
    if (groups.isEmpty() || groups.size() > 2) {
      throw new IllegalArgumentException("a scene has 1 or 2 groups; got " + groups.size());
    }
    boolean single = groups.size() == 1;
    if (position.isPresent() != single || relation.isPresent() == single) {
      throw new IllegalArgumentException(
          "one group has a position, two have a relation; got "
              + groups.size()
              + " groups, position "
              + position
              + ", relation "
              + relation);
    }
    if (!single) {
      requireDistinctAndFew(groups.get(0), groups.get(1));
    }
  }

  private static void requireDistinctAndFew(Group first, Group second) {
    if (first.thing() == second.thing()) {
      throw new IllegalArgumentException(
          "two groups must hold different things; both hold " + first.thing());
    }
    if (first.count() + second.count() > MAXIMUM_OBJECTS) {
      throw new IllegalArgumentException(
          "two groups hold at most "
              + MAXIMUM_OBJECTS
              + " objects together; got "
              + first.count()
              + " + "
              + second.count());
    }
  }

  /** A scene of one kind. */
  public static Scene single(Group group, Position position, Background background) {
    return new Scene(List.of(group), Optional.of(position), Optional.empty(), background);
  }

  /** A scene of two kinds: {@code first} lies in {@code relation} to {@code second}. */
  public static Scene pair(Group first, Relation relation, Group second, Background background) {
    return new Scene(List.of(first, second), Optional.empty(), Optional.of(relation), background);
  }

  /** Whether two kinds share the scene. */
  public boolean twoKinds() {
    return groups.size() == 2;
  }

  /** The only group, or of two the left or upper one. */
  public Group first() {
    return groups.getFirst();
  }

  /** The right or lower of two groups. */
  public Optional<Group> second() {
    return twoKinds() ? Optional.of(groups.getLast()) : Optional.empty();
  }

  /** Where the group at {@code index} lies, for one group and for two. */
  public Position positionOf(int index) {
    Objects.checkIndex(index, groups.size());
    return relation.map(value -> value.positionOf(index)).orElseGet(position::orElseThrow);
  }

  /** The number of objects in the image and of strikes in the clip. */
  public int objectCount() {
    return groups.stream().mapToInt(Group::count).sum();
  }
}
