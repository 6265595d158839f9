package io.sensorium.models.world;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a sentence says about a scene, decidable for every scene. Immutable.
 *
 * <p>A claim about one group holds where the objects that have all its named attributes, counted
 * over the whole scene, are as many as it says: "two red objects" holds for two red bells beside a
 * blue drum and for a red bell beside a red drum, not for two red bells beside a red drum. A claim
 * about two groups holds for scenes of two kinds whose groups can be assigned to it one to one.
 *
 * @param groups none, one or two
 * @param relation how the first claimed group lies to the second; only with two groups
 */
public record Claim(
    List<GroupClaim> groups, Optional<Relation> relation, Optional<Background> background) {

  /** Says nothing and holds for every scene. */
  public static final Claim ANY = new Claim(List.of(), Optional.empty(), Optional.empty());

  public Claim {
    groups = List.copyOf(groups);
    Objects.requireNonNull(relation, "relation");
    Objects.requireNonNull(background, "background");
    if (groups.size() > 2) {
      throw new IllegalArgumentException("a claim has 0..2 groups; got " + groups.size());
    }
    if (relation.isPresent() && groups.size() != 2) {
      throw new IllegalArgumentException(
          "a relation joins two groups; got " + relation.get() + " of " + groups.size());
    }
  }

  /** A claim about one group and nothing else. */
  public static Claim of(GroupClaim group) {
    return new Claim(List.of(group), Optional.empty(), Optional.empty());
  }

  /** A claim about two groups in whatever relation. */
  public static Claim of(GroupClaim first, GroupClaim second) {
    return new Claim(List.of(first, second), Optional.empty(), Optional.empty());
  }

  /** This claim, naming {@code value} as the background. */
  public Claim with(Background value) {
    return new Claim(groups, relation, Optional.of(value));
  }

  /** This claim about two groups, naming {@code value} as the first's relation to the second. */
  public Claim with(Relation value) {
    return new Claim(groups, Optional.of(value), background);
  }

  /** Whether everything the claim says is true of {@code scene}. */
  public boolean holds(Scene scene) {
    if (background.isPresent() && background.get() != scene.background()) {
      return false;
    }
    return switch (groups.size()) {
      case 0 -> true;
      case 1 -> groups.getFirst().count().contains(described(scene, groups.getFirst()));
      default -> holdsForTwo(scene);
    };
  }

  private static int described(Scene scene, GroupClaim claim) {
    int objects = 0;
    for (int index = 0; index < scene.groups().size(); index++) {
      Group group = scene.groups().get(index);
      if (claim.describes(group, scene.positionOf(index))) {
        objects += group.count();
      }
    }
    return objects;
  }

  private boolean holdsForTwo(Scene scene) {
    if (!scene.twoKinds() || (relation.isPresent() && !relation.equals(scene.relation()))) {
      return false;
    }
    boolean inOrder = isGroup(0, scene, 0) && isGroup(1, scene, 1);
    // A named relation fixes the order: only the unrelated pair may be told the other way round.
    return inOrder || (relation.isEmpty() && isGroup(0, scene, 1) && isGroup(1, scene, 0));
  }

  private boolean isGroup(int claimIndex, Scene scene, int groupIndex) {
    GroupClaim claim = groups.get(claimIndex);
    Group group = scene.groups().get(groupIndex);
    return claim.count().contains(group.count())
        && claim.describes(group, scene.positionOf(groupIndex));
  }
}
