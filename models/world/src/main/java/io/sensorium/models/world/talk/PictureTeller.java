package io.sensorium.models.world.talk;

import static io.sensorium.models.world.talk.Words.pick;
import static io.sensorium.models.world.talk.Words.word;

import io.sensorium.models.world.Caption;
import io.sensorium.models.world.CaptionWriter;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.Naming;
import io.sensorium.models.world.Noun;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.talk.Medium.Sense;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Tells what a picture shows, in styles from heaps of words to whole sentences. The styles differ
 * much on purpose: whoever can read all of them reads for meaning, and so may learn to read an
 * adapter's embeddings too. Stateless.
 */
final class PictureTeller {

  private static final CaptionWriter COMPLETE = new CaptionWriter(Naming.COMPLETE);
  private static final CaptionWriter PARTIAL =
      new CaptionWriter(new Naming(0.9, 0.75, 0.7, 0.7, 0.7, 0.5, 0.75, 1));

  private PictureTeller() {}

  /**
   * A text about {@code scene}.
   *
   * @param complete whether it tells every attribute
   */
  static Medium tell(Scene scene, boolean complete, RandomGenerator random) {
    Told told = complete ? Told.ALL : Told.some(random);
    return switch (random.nextInt(10)) {
      case 0, 1 -> heap(scene, told, random);
      case 2, 3 -> keyed(scene, told, random);
      case 4 -> oneByOne(scene, told.withThing(), random);
      case 5, 6 -> sentences(scene, told.withThing(), random);
      default -> caption((complete ? COMPLETE : PARTIAL).write(scene, random), random);
    };
  }

  private static Medium caption(Caption caption, RandomGenerator random) {
    String text = caption.text();
    if (random.nextBoolean()) {
      text = Words.capitalised(text) + ".";
    }
    return new Medium(Sense.PICTURE, List.of(text), caption.claim(), false);
  }

  /** "small, bell, red, three, top left, dotted": the words of a group in any order. */
  static Medium heap(Scene scene, Told told, RandomGenerator random) {
    List<String> parts = new ArrayList<>();
    List<String> backdrop = new ArrayList<>();
    if (told.background()) {
      backdrop.add(word(scene.background().words(), random));
    }
    String separator = pick(random, " ", ", ");
    for (int index = 0; index < scene.groups().size(); index++) {
      List<String> words = words(scene, index, told, random);
      if (!scene.twoKinds()) {
        words.addAll(backdrop);
      }
      Collections.shuffle(words, shuffling(random));
      parts.add(String.join(separator, words));
    }
    // The place within a part tells where it lies: the parts may come in any order.
    Collections.shuffle(parts, shuffling(random));
    if (scene.twoKinds()) {
      parts.addAll(backdrop);
    }
    return new Medium(Sense.PICTURE, parts, told.claim(scene), true);
  }

  private static List<String> words(Scene scene, int index, Told told, RandomGenerator random) {
    Group group = scene.groups().get(index);
    List<String> words = new ArrayList<>();
    words.add(number(group, random));
    if (told.thing()) {
      words.add(noun(group, random));
    }
    if (told.colour()) {
      words.add(word(group.colour().words(), random));
    }
    if (told.size()) {
      words.add(word(group.size().words(), random));
    }
    if (told.place()) {
      words.add(Words.place(scene.positionOf(index)));
    }
    return words;
  }

  /** "count: 3. color: red. thing: bell." in any order. */
  private static Medium keyed(Scene scene, Told told, RandomGenerator random) {
    List<String> groups = new ArrayList<>();
    for (int index = 0; index < scene.groups().size(); index++) {
      Group group = scene.groups().get(index);
      List<String> pairs = new ArrayList<>();
      pairs.add(pick(random, "count: ", "number: ") + number(group, random));
      if (told.thing()) {
        pairs.add(pick(random, "thing: ", "object: ", "what: ") + noun(group, random));
      }
      if (told.colour()) {
        pairs.add(pick(random, "colour: ", "color: ") + word(group.colour().words(), random));
      }
      if (told.size()) {
        pairs.add("size: " + word(group.size().words(), random));
      }
      if (told.place()) {
        String key = pick(random, "place: ", "position: ", "where: ");
        pairs.add(key + Words.place(scene.positionOf(index)));
      }
      Collections.shuffle(pairs, shuffling(random));
      groups.add(String.join(", ", pairs));
    }
    Collections.shuffle(groups, shuffling(random));
    if (told.background()) {
      String backdrop = "background: " + word(scene.background().words(), random);
      groups.add(random.nextInt(groups.size() + 1), backdrop);
    }
    String text = String.join("; ", groups);
    return new Medium(Sense.PICTURE, List.of(text), told.claim(scene), false);
  }

  /** "a red bell, a red bell, a red bell at the top": as many times as there are. */
  private static Medium oneByOne(Scene scene, Told told, RandomGenerator random) {
    List<String> groups = new ArrayList<>();
    for (int index = 0; index < scene.groups().size(); index++) {
      Group group = scene.groups().get(index);
      List<String> objects = new ArrayList<>();
      for (int object = 0; object < group.count(); object++) {
        String size = told.size() ? word(group.size().words(), random) + " " : "";
        String colour = told.colour() ? word(group.colour().words(), random) + " " : "";
        String noun = Words.noun(group.thing(), random).singular();
        objects.add(Words.withArticle(size + colour + noun));
      }
      String text = String.join(", ", objects);
      if (told.place()) {
        Position position = scene.positionOf(index);
        text =
            random.nextBoolean()
                ? text + " " + word(position.words(), random)
                : Words.place(position) + ": " + text;
      }
      groups.add(text);
    }
    Collections.shuffle(groups, shuffling(random));
    if (told.background()) {
      groups.add(word(scene.background().words(), random) + " background");
    }
    return new Medium(Sense.PICTURE, List.of(String.join("; ", groups)), told.claim(scene), false);
  }

  /** "There are three bells. They are small. ..." */
  private static Medium sentences(Scene scene, Told told, RandomGenerator random) {
    List<String> first = new ArrayList<>();
    List<String> then = new ArrayList<>();
    for (int index = 0; index < scene.groups().size(); index++) {
      Group group = scene.groups().get(index);
      boolean one = group.count() == 1;
      String counted = number(group, random) + " " + noun(group, random);
      first.add("there " + (one ? "is " : "are ") + counted);
      String pronoun = one ? "it" : "they";
      String verb = one ? " is " : " are ";
      if (told.colour()) {
        then.add(
            again(scene, group, pronoun, random) + verb + word(group.colour().words(), random));
      }
      if (told.size()) {
        then.add(again(scene, group, pronoun, random) + verb + word(group.size().words(), random));
      }
      if (told.place() && !scene.twoKinds()) {
        String where = word(scene.positionOf(index).words(), random);
        then.add(again(scene, group, pronoun, random) + verb + where);
      }
    }
    if (told.place() && scene.twoKinds()) {
      then.add(relation(scene, random));
    }
    if (told.background()) {
      then.add("the background is " + word(scene.background().words(), random));
    }
    Collections.shuffle(first, shuffling(random));
    Collections.shuffle(then, shuffling(random));
    first.addAll(then);
    boolean capitals = random.nextBoolean();
    String text = "";
    for (String sentence : first) {
      text +=
          (text.isEmpty() ? "" : " ") + (capitals ? Words.capitalised(sentence) : sentence) + ".";
    }
    return new Medium(Sense.PICTURE, List.of(text), told.claim(scene), false);
  }

  private static String relation(Scene scene, RandomGenerator random) {
    boolean converse = random.nextBoolean();
    Group told = scene.groups().get(converse ? 1 : 0);
    Group other = scene.groups().get(converse ? 0 : 1);
    var relation = scene.relation().orElseThrow();
    String preposition = word(converse ? relation.converseWords() : relation.words(), random);
    return "the %s %s %s the %s"
        .formatted(
            noun(told, random), told.count() == 1 ? "is" : "are", preposition, noun(other, random));
  }

  private static String again(Scene scene, Group group, String pronoun, RandomGenerator random) {
    return !scene.twoKinds() && random.nextBoolean() ? pronoun : "the " + noun(group, random);
  }

  private static String noun(Group group, RandomGenerator random) {
    Noun noun = Words.noun(group.thing(), random);
    return noun.form(group.count());
  }

  private static String number(Group group, RandomGenerator random) {
    return random.nextInt(4) == 0 ? Integer.toString(group.count()) : Words.number(group.count());
  }

  static java.util.Random shuffling(RandomGenerator random) {
    return new java.util.Random(random.nextLong());
  }
}
