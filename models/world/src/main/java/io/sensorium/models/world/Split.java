package io.sensorium.models.world;

import static io.sensorium.models.world.Colour.BLUE;
import static io.sensorium.models.world.Colour.CYAN;
import static io.sensorium.models.world.Colour.GREEN;
import static io.sensorium.models.world.Colour.ORANGE;
import static io.sensorium.models.world.Colour.PINK;
import static io.sensorium.models.world.Colour.PURPLE;
import static io.sensorium.models.world.Colour.RED;
import static io.sensorium.models.world.Colour.YELLOW;

import java.util.Map;

/**
 * Which scenes training may see. The rule is a function of the attributes alone, stable across
 * versions of Java and across reordering of the enums.
 */
public enum Split {
  /** What training sees. */
  TRAIN,
  /** Combinations never trained, though every pair of their attributes was. */
  COMBO,
  /** Scenes with a thing in a colour, or in a number, in which training never showed it. */
  PAIR;

  private static final int HELD_OUT_PERCENT = 10;
  private static final long COMBO_SALT = 0x5EED_C0B0L;

  /** Chosen so that every thing is still heard in each number at two sizes or more. */
  private static final long SOUND_SALT = 3145;

  /** Each thing misses either one colour or one number: 16 of 208 pairs and 10 of 104. */
  private static final Map<Thing, Colour> HELD_OUT_COLOURS =
      Map.ofEntries(
          Map.entry(Thing.BELL, PURPLE),
          Map.entry(Thing.DRUM, GREEN),
          Map.entry(Thing.BIRD, ORANGE),
          Map.entry(Thing.CLOCK, PINK),
          Map.entry(Thing.ENGINE, CYAN),
          Map.entry(Thing.WIND, YELLOW),
          Map.entry(Thing.DOG, BLUE),
          Map.entry(Thing.HORN, RED),
          Map.entry(Thing.FROG, PURPLE),
          Map.entry(Thing.TRAIN, YELLOW),
          Map.entry(Thing.CAT, CYAN),
          Map.entry(Thing.BEE, RED),
          Map.entry(Thing.MOUSE, GREEN),
          Map.entry(Thing.PIANO, ORANGE),
          Map.entry(Thing.KETTLE, BLUE),
          Map.entry(Thing.BOAT, PINK));

  private static final Map<Thing, Integer> HELD_OUT_COUNTS =
      Map.ofEntries(
          Map.entry(Thing.SIREN, 2),
          Map.entry(Thing.RAIN, 3),
          Map.entry(Thing.PHONE, 4),
          Map.entry(Thing.WAVE, 1),
          Map.entry(Thing.GUITAR, 3),
          Map.entry(Thing.CRICKET, 2),
          Map.entry(Thing.OWL, 4),
          Map.entry(Thing.GOOSE, 1),
          Map.entry(Thing.WHISTLE, 3),
          Map.entry(Thing.HELICOPTER, 2));

  /** The split a scene belongs to. */
  public static Split of(Scene scene) {
    if (scene.groups().stream().anyMatch(Split::holdsUntrainedPair)) {
      return PAIR;
    }
    return heldOut(tupleHash(scene)) ? COMBO : TRAIN;
  }

  /** Whether the group's thing was never trained in its colour. */
  public static boolean untrainedColour(Group group) {
    return HELD_OUT_COLOURS.get(group.thing()) == group.colour();
  }

  /** Whether the group's thing was never trained in its number. */
  public static boolean untrainedCount(Group group) {
    return HELD_OUT_COUNTS.getOrDefault(group.thing(), 0) == group.count();
  }

  private static boolean holdsUntrainedPair(Group group) {
    return untrainedColour(group) || untrainedCount(group);
  }

  /**
   * Whether the scene's sound is never to be heard in training: about a tenth of all triples of
   * thing, count and size. Independent of {@link #of}, which decides about looks; a scene of two
   * kinds is held out where either of its groups is.
   */
  public static boolean soundHeldOut(Scene scene) {
    return scene.groups().stream().anyMatch(Split::soundHeldOut);
  }

  /** Whether the group's triple of thing, count and size is never to be heard in training. */
  public static boolean soundHeldOut(Group group) {
    long hash = absorb(SOUND_SALT, group.thing());
    hash = Seeds.mix(hash ^ group.count());
    return heldOut(absorb(hash, group.size()));
  }

  private static long tupleHash(Scene scene) {
    // A sum, so that mirrored scenes of two kinds fall into the same split.
    long groups = scene.groups().stream().mapToLong(Split::groupHash).sum();
    return scene.position().map(position -> absorb(groups, position)).orElse(Seeds.mix(groups));
  }

  private static long groupHash(Group group) {
    long hash = absorb(absorb(COMBO_SALT, group.thing()), group.colour());
    return absorb(Seeds.mix(hash ^ group.count()), group.size());
  }

  private static long absorb(long hash, Enum<?> value) {
    // The name's hash code is specified by String, unlike the ordinal it survives reordering.
    return Seeds.mix(hash ^ value.name().hashCode());
  }

  private static boolean heldOut(long hash) {
    return Long.remainderUnsigned(hash, 100) < HELD_OUT_PERCENT;
  }
}
