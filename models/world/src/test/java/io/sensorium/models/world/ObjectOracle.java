package io.sensorium.models.world;

import java.util.ArrayList;
import java.util.List;

/** Decides claims about one group by looking at every object by itself. */
final class ObjectOracle {

  private ObjectOracle() {}

  private record Seen(Thing thing, Colour colour, Size size, Position position) {}

  static boolean holds(Claim claim, Scene scene) {
    List<Seen> objects = new ArrayList<>();
    for (Group group : scene.groups()) {
      for (int index = 0; index < group.count(); index++) {
        Position where = scene.positionOf(scene.groups().indexOf(group));
        objects.add(new Seen(group.thing(), group.colour(), group.size(), where));
      }
    }
    GroupClaim wanted = claim.groups().getFirst();
    wanted.thing().ifPresent(value -> objects.removeIf(seen -> seen.thing() != value));
    wanted.colour().ifPresent(value -> objects.removeIf(seen -> seen.colour() != value));
    wanted.size().ifPresent(value -> objects.removeIf(seen -> seen.size() != value));
    wanted.position().ifPresent(value -> objects.removeIf(seen -> seen.position() != value));
    boolean background =
        claim.background().isEmpty() || claim.background().get() == scene.background();
    return background
        && objects.size() >= wanted.count().least()
        && objects.size() <= wanted.count().most();
  }
}
