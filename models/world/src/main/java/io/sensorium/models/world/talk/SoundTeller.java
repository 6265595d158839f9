package io.sensorium.models.world.talk;

import static io.sensorium.models.world.talk.Words.pick;

import io.sensorium.models.world.Group;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.talk.Medium.Sense;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Tells what a sound lets hear: which things, how often, how high. A small thing sounds high, a
 * large one low; the order of the strikes means nothing. Stateless.
 */
final class SoundTeller {

  private SoundTeller() {}

  /**
   * A text about the sound of {@code scene}.
   *
   * @param complete whether it tells the pitch for certain
   */
  static Medium tell(Scene scene, boolean complete, RandomGenerator random) {
    Told told =
        complete || random.nextDouble() < 0.75
            ? Told.HEARD
            : new Told(true, false, false, false, false);
    List<Group> groups = new ArrayList<>(scene.groups());
    Collections.shuffle(groups, PictureTeller.shuffling(random));
    int style = random.nextInt(6);
    List<String> parts = new ArrayList<>();
    for (Group group : groups) {
      parts.add(
          switch (style) {
            case 0, 1 -> heap(group, told, random);
            case 2 -> keyed(group, told, random);
            case 3 -> strikes(group, told, random);
            case 4 -> sentence(group, told, random);
            default -> noises(group, told, random);
          });
    }
    if (style <= 1) {
      return new Medium(Sense.SOUND, parts, told.claim(scene), true);
    }
    String opening =
        style == 5 ? pick(random, "", "i hear ", "i can hear ", "the sound of ", "there is ") : "";
    String text = opening + String.join(style == 5 ? " and " : "; ", parts);
    return new Medium(Sense.SOUND, List.of(text), told.claim(scene), false);
  }

  private static String heap(Group group, Told told, RandomGenerator random) {
    List<String> words = new ArrayList<>();
    words.add(number(group, random));
    words.add(Words.noun(group.thing(), random).form(group.count()));
    if (told.size()) {
      words.add(quality(group, random));
    }
    Collections.shuffle(words, PictureTeller.shuffling(random));
    return String.join(pick(random, " ", ", "), words);
  }

  private static String keyed(Group group, Told told, RandomGenerator random) {
    List<String> pairs = new ArrayList<>();
    pairs.add(pick(random, "count: ", "times: ", "strikes: ") + number(group, random));
    pairs.add(
        pick(random, "thing: ", "sound: ", "what: ")
            + Words.noun(group.thing(), random).singular());
    if (told.size()) {
      pairs.add(
          random.nextBoolean()
              ? "pitch: " + Words.pitch(group.size())
              : "size: " + Words.word(group.size().words(), random));
    }
    Collections.shuffle(pairs, PictureTeller.shuffling(random));
    return String.join(", ", pairs);
  }

  private static String strikes(Group group, Told told, RandomGenerator random) {
    List<String> strikes = new ArrayList<>();
    for (int strike = 0; strike < group.count(); strike++) {
      String quality = told.size() ? quality(group, random) + " " : "";
      strikes.add(Words.withArticle(quality + Words.noun(group.thing(), random).singular()));
    }
    return String.join(", ", strikes);
  }

  private static String sentence(Group group, Told told, RandomGenerator random) {
    String noun = Words.noun(group.thing(), random).singular();
    String quality = told.size() ? quality(group, random) + " " : "";
    String times =
        switch (group.count()) {
          case 1 -> "once";
          case 2 -> pick(random, "twice", "two times");
          default -> number(group, random) + " times";
        };
    return Words.withArticle(quality + noun) + " " + pick(random, "sounds ", "is heard ") + times;
  }

  private static String noises(Group group, Told told, RandomGenerator random) {
    String quality = told.size() ? quality(group, random) + " " : "";
    return number(group, random)
        + " "
        + quality
        + Words.noun(group.thing(), random).form(group.count());
  }

  private static String quality(Group group, RandomGenerator random) {
    return random.nextBoolean()
        ? Words.pitch(group.size())
        : Words.word(group.size().words(), random);
  }

  private static String number(Group group, RandomGenerator random) {
    return random.nextInt(4) == 0 ? Integer.toString(group.count()) : Words.number(group.count());
  }
}
