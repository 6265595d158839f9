package io.sensorium.models.world.talk;

import io.sensorium.models.world.Claim;
import io.sensorium.models.world.CountRange;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Which attributes of a scene a text tells. The number is always among them. Immutable.
 *
 * @param place the position of one group, the relation of two
 */
record Told(boolean thing, boolean colour, boolean size, boolean place, boolean background) {

  private static final double SHARE = 0.75;

  static final Told ALL = new Told(true, true, true, true, true);

  /** What is heard of a scene. */
  static final Told HEARD = new Told(true, false, true, false, false);

  static Told some(RandomGenerator random) {
    return new Told(
        random.nextDouble() < 0.9,
        random.nextDouble() < SHARE,
        random.nextDouble() < SHARE,
        random.nextDouble() < SHARE,
        random.nextDouble() < SHARE);
  }

  Told withThing() {
    return new Told(true, colour, size, place, background);
  }

  Claim claim(Scene scene) {
    List<GroupClaim> groups = new ArrayList<>();
    for (Group group : scene.groups()) {
      groups.add(
          new GroupClaim(
              Optional.of(group.thing()).filter(_ -> thing),
              Optional.of(group.colour()).filter(_ -> colour),
              Optional.of(group.size()).filter(_ -> size),
              scene.position().filter(_ -> place),
              CountRange.exactly(group.count())));
    }
    return new Claim(
        groups,
        scene.relation().filter(_ -> place),
        Optional.of(scene.background()).filter(_ -> background));
  }
}
