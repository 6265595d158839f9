package io.sensorium.models.world.talk;

import io.sensorium.models.world.Noun;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.Thing;
import java.util.List;
import java.util.random.RandomGenerator;

/** The words that tellers, questions and answers share. */
final class Words {

  private static final List<String> NUMBERS =
      List.of(
          "zero",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
          "ten",
          "eleven",
          "twelve",
          "thirteen",
          "fourteen",
          "fifteen",
          "sixteen",
          "seventeen",
          "eighteen",
          "nineteen",
          "twenty");

  private static final List<Noun> ANYTHING = List.of(Noun.regular("thing"), Noun.regular("object"));

  private static final double SYNONYM_SHARE = 0.3;

  private Words() {}

  /** "zero" to "twenty". */
  static String number(int value) {
    return NUMBERS.get(value);
  }

  /** The name of a place, without a preposition: "top left", "top", "center". */
  static String place(Position position) {
    return switch (position) {
      case TOP_LEFT -> "top left";
      case TOP_CENTRE -> "top";
      case TOP_RIGHT -> "top right";
      case MIDDLE_LEFT -> "left";
      case CENTRE -> "center";
      case MIDDLE_RIGHT -> "right";
      case BOTTOM_LEFT -> "bottom left";
      case BOTTOM_CENTRE -> "bottom";
      case BOTTOM_RIGHT -> "bottom right";
    };
  }

  /** Size as it is heard. */
  static String pitch(Size size) {
    return switch (size) {
      case SMALL -> "high";
      case MEDIUM -> "medium";
      case LARGE -> "low";
    };
  }

  /** A noun for {@code thing}, mostly the usual one. */
  static Noun noun(Thing thing, RandomGenerator random) {
    return word(thing.nouns(), random);
  }

  /** A noun for whatever it may be. */
  static Noun anything(RandomGenerator random) {
    return pick(ANYTHING, random);
  }

  /** Mostly the first, usual word; now and then any of them. */
  static <E> E word(List<E> words, RandomGenerator random) {
    return random.nextDouble() < SYNONYM_SHARE ? pick(words, random) : words.getFirst();
  }

  static <E> E pick(List<E> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }

  static String pick(RandomGenerator random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** "a" or "an" and the words. */
  static String withArticle(String words) {
    return ("aeio".indexOf(words.charAt(0)) >= 0 ? "an " : "a ") + words;
  }

  static String capitalised(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
