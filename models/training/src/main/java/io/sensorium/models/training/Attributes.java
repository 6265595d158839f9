package io.sensorium.models.training;

import io.sensorium.models.world.Background;
import io.sensorium.models.world.Colour;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.Thing;

/**
 * The classes of the auxiliary classifiers, side by side: thing, colour, count, size, position,
 * background. Two groups share each attribute's probability mass.
 */
final class Attributes {
  private static final int[] SIZES = {
    Thing.values().length,
    Colour.values().length,
    Group.MAXIMUM_COUNT,
    Size.values().length,
    Position.values().length,
    Background.values().length
  };

  private Attributes() {}

  /** Where each attribute begins, and the end. */
  static int[] bounds() {
    var bounds = new int[SIZES.length + 1];
    for (int i = 0; i < SIZES.length; i++) {
      bounds[i + 1] = bounds[i] + SIZES[i];
    }
    return bounds;
  }

  /** The number of classes of all attributes. */
  static int width() {
    return bounds()[SIZES.length];
  }

  /** The class of an enum constant. */
  @SuppressWarnings("EnumOrdinal") // numbers are kept in no file
  static int number(Enum<?> value) {
    return value.ordinal();
  }

  /** Writes the target distributions of {@code scene} into {@code row} of {@code targets}. */
  static void write(Scene scene, float[] targets, int row) {
    int[] bounds = bounds();
    int base = row * bounds[SIZES.length];
    float share = 1f / scene.groups().size();
    for (int index = 0; index < scene.groups().size(); index++) {
      Group group = scene.groups().get(index);
      int[] classes = {
        number(group.thing()),
        number(group.colour()),
        group.count() - 1,
        number(group.size()),
        number(scene.positionOf(index)),
        number(scene.background())
      };
      for (int i = 0; i < classes.length; i++) {
        targets[base + bounds[i] + classes[i]] += share;
      }
    }
  }
}
