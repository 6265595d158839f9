package io.sensorium.models.world;

import java.util.List;

/**
 * Sentences that name one value of one attribute: their averaged embeddings classify without
 * training. Each list has a fixed length and both the singular and the plural form, except where
 * the value itself is a number.
 */
public final class Prompts {

  private static final List<String> NUMBERS = List.of("one", "two", "three", "four");

  private Prompts() {}

  /** Eight sentences about a thing. */
  public static List<String> of(Thing thing) {
    String one = withArticle(thing.noun().singular());
    String several = thing.noun().plural();
    return List.of(
        one,
        several,
        "a picture of " + one,
        "a picture of " + several,
        "there is " + one,
        "there are some " + several,
        "i can see " + one,
        "two " + several);
  }

  /** Two sentences about the sound of a thing; no caption ever speaks of sounds. */
  public static List<String> ofSound(Thing thing) {
    return List.of(
        "the sound of " + withArticle(thing.noun().singular()),
        "the sound of " + thing.noun().plural());
  }

  /** Six sentences about a colour. */
  public static List<String> of(Colour colour) {
    String one = withArticle(colour.words().getFirst() + " thing");
    String several = colour.words().getFirst() + " things";
    return List.of(
        one,
        several,
        "a picture of " + withArticle(colour.words().getFirst() + " object"),
        "a picture of " + colour.words().getFirst() + " objects",
        "there is " + one,
        "there are some " + several);
  }

  /**
   * Six sentences about a number of objects.
   *
   * @param count 1..{@value Group#MAXIMUM_COUNT}
   */
  public static List<String> ofCount(int count) {
    if (count < 1 || count > Group.MAXIMUM_COUNT) {
      throw new IllegalArgumentException(
          "there are prompts for 1.." + Group.MAXIMUM_COUNT + " objects; got " + count);
    }
    String number = NUMBERS.get(count - 1);
    String ending = count == 1 ? "" : "s";
    String verb = count == 1 ? "is " : "are ";
    return List.of(
        number + " thing" + ending,
        number + " object" + ending,
        count + " object" + ending,
        "a picture of " + number + " icon" + ending,
        "there " + verb + number + " object" + ending,
        "i can see " + number + " thing" + ending);
  }

  /** Five sentences about a size. */
  public static List<String> of(Size size) {
    String word = size.words().getFirst();
    return List.of(
        "a " + word + " thing",
        word + " things",
        "a picture of a " + word + " object",
        "a picture of " + word + " objects",
        "there are some " + size.words().get(1) + " things");
  }

  /** Four sentences about a position. */
  public static List<String> of(Position position) {
    String where = position.words().getFirst();
    return List.of(
        "a thing " + where,
        "things " + where,
        "there is an object " + where,
        "a picture of objects " + where);
  }

  /** Four sentences about a background. */
  public static List<String> of(Background background) {
    String word = background.words().getFirst();
    return List.of(
        "a thing on a " + word + " background",
        "things on a " + word + " background",
        "a picture of an object against a " + word + " background",
        "objects in front of a " + word + " background");
  }

  private static String withArticle(String words) {
    return NounPhrase.article(words) + " " + words;
  }
}
