package io.sensorium.models.world;

import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Draws scenes of which a claim holds; everything unclaimed is drawn uniformly. Immutable and
 * thread-safe; all randomness comes from the generator of the call.
 */
public final class SceneSampler {

  private static final int ATTEMPTS = 10_000;

  private final double twoKindShare;

  /**
   * @param twoKindShare the probability, 0..1, that a scene holds two kinds where the claim leaves
   *     that open
   */
  public SceneSampler(double twoKindShare) {
    if (!(twoKindShare >= 0 && twoKindShare <= 1)) {
      throw new IllegalArgumentException(
          "the share of two-kind scenes must be 0..1; got " + twoKindShare);
    }
    this.twoKindShare = twoKindShare;
  }

  /** Any scene. */
  public Scene sample(RandomGenerator random) {
    return draw(Claim.ANY, random);
  }

  /** A scene of the given split. */
  public Scene sample(Split split, RandomGenerator random) {
    return sample(split, Claim.ANY, random);
  }

  /**
   * A scene of which {@code claim} holds.
   *
   * @throws IllegalArgumentException when no such scene was found
   */
  public Scene sample(Claim claim, RandomGenerator random) {
    return search(null, claim, random);
  }

  /**
   * A scene of the given split of which {@code claim} holds.
   *
   * @throws IllegalArgumentException when no such scene was found
   */
  public Scene sample(Split split, Claim claim, RandomGenerator random) {
    return search(Objects.requireNonNull(split, "split"), claim, random);
  }

  private Scene search(Split split, Claim claim, RandomGenerator random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Scene scene = draw(claim, random);
      if (claim.holds(scene) && (split == null || Split.of(scene) == split)) {
        return scene;
      }
    }
    throw new IllegalArgumentException(
        "no scene found in " + ATTEMPTS + " draws for split " + split + " and " + claim);
  }

  private Scene draw(Claim claim, RandomGenerator random) {
    int claimed = claim.groups().size();
    boolean twoKinds = claimed == 2 || random.nextDouble() < twoKindShare;
    if (twoKinds && claimed < 2 && !possibleInPair(claim)) {
      twoKinds = false;
    }
    return twoKinds ? drawPair(claim, random) : drawSingle(claim, random);
  }

  private static boolean possibleInPair(Claim claim) {
    return claim.groups().isEmpty()
        || claim.groups().getFirst().position().map(SceneSampler::isRelational).orElse(true);
  }

  private static boolean isRelational(Position position) {
    return (position.column() + position.row()) % 2 == 1;
  }

  private static Scene drawSingle(Claim claim, RandomGenerator random) {
    GroupClaim wish = claim.groups().isEmpty() ? GroupClaim.ANY : claim.groups().getFirst();
    return Scene.single(
        drawGroup(wish, Group.MAXIMUM_COUNT, random),
        orAny(wish.position(), Position.values(), random),
        orAny(claim.background(), Background.values(), random));
  }

  private static Scene drawPair(Claim claim, RandomGenerator random) {
    GroupClaim[] wishes = {GroupClaim.ANY, GroupClaim.ANY};
    boolean swapped = claim.relation().isEmpty() && random.nextBoolean();
    for (int index = 0; index < claim.groups().size(); index++) {
      wishes[swapped ? 1 - index : index] = claim.groups().get(index);
    }
    requirePossible(wishes, claim);
    Group first;
    Group second;
    do {
      first = drawGroup(wishes[0], Group.MAXIMUM_COUNT, random);
      second = drawGroup(wishes[1], Group.MAXIMUM_COUNT, random);
    } while (!compatible(first, second));
    return Scene.pair(
        first,
        orAny(claim.relation(), Relation.values(), random),
        second,
        orAny(claim.background(), Background.values(), random));
  }

  private static boolean compatible(Group first, Group second) {
    return first.thing() != second.thing()
        && first.count() + second.count() <= Scene.MAXIMUM_OBJECTS;
  }

  private static void requirePossible(GroupClaim[] wishes, Claim claim) {
    boolean sameThing =
        wishes[0].thing().isPresent() && wishes[0].thing().equals(wishes[1].thing());
    int least = wishes[0].count().least() + wishes[1].count().least();
    if (sameThing || least > Scene.MAXIMUM_OBJECTS) {
      throw new IllegalArgumentException(
          "two groups need different things and at most "
              + Scene.MAXIMUM_OBJECTS
              + " objects; claimed were "
              + claim);
    }
  }

  private static Group drawGroup(GroupClaim wish, int most, RandomGenerator random) {
    int least = wish.count().least();
    int highest = Math.min(most, wish.count().most());
    if (least > highest) {
      throw new IllegalArgumentException("a group holds at most " + most + " things; got " + wish);
    }
    return new Group(
        orAny(wish.thing(), Thing.values(), random),
        orAny(wish.colour(), Colour.values(), random),
        random.nextInt(least, highest + 1),
        orAny(wish.size(), Size.values(), random));
  }

  private static <E> E orAny(Optional<E> wish, E[] values, RandomGenerator random) {
    return wish.orElseGet(() -> values[random.nextInt(values.length)]);
  }
}
