package io.sensorium.models.world;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * "two small red bells": words for one group and what they claim. A singular noun claims exactly
 * one, a plural without a number two or more.
 *
 * @param text never blank
 * @param bare whether neither article nor number leads the noun
 */
record NounPhrase(String text, GroupClaim claim, boolean plural, boolean bare) {

  private static final List<Noun> ANYTHING =
      List.of(Noun.regular("thing"), Noun.regular("object"), Noun.regular("icon"));

  private static final List<List<String>> NUMBERS =
      List.of(
          List.of("one", "a single", "1", "a lone"),
          List.of("two", "2", "a pair of"),
          List.of("three", "3", "a trio of"),
          List.of("four", "4", "a group of four"));

  private static final double SYNONYM_SHARE = 0.3;
  private static final double BARE_SHARE = 0.3;

  /** What to name of a group. */
  record Parts(boolean thing, boolean colour, boolean count, boolean size) {

    static Parts draw(Naming naming, RandomGenerator random) {
      return new Parts(
          random.nextDouble() < naming.thing(),
          random.nextDouble() < naming.colour(),
          random.nextDouble() < naming.count(),
          random.nextDouble() < naming.size());
    }

    Parts withThing() {
      return new Parts(true, colour, count, size);
    }

    boolean silent() {
      return !thing && !colour && !count && !size;
    }
  }

  static NounPhrase of(Group group, Parts parts, boolean bareAllowed, RandomGenerator random) {
    boolean plural = group.count() > 1;
    Noun noun = parts.thing() ? word(group.thing().nouns(), random) : pick(ANYTHING, random);
    List<String> words = new ArrayList<>();
    boolean trailingColour = parts.colour() && random.nextDouble() < 0.1;
    if (parts.size()) {
      words.add(word(group.size().words(), random));
    }
    String colour = parts.colour() ? word(group.colour().words(), random) : "";
    if (parts.colour() && !trailingColour) {
      words.add(random.nextDouble() < 0.15 ? 0 : words.size(), colour);
    }
    words.add(noun.form(group.count()));
    if (trailingColour) {
      words.add("in " + colour);
    }
    String rest = String.join(" ", words);
    boolean bare = !parts.count() && bareAllowed && random.nextDouble() < BARE_SHARE;
    String lead =
        parts.count()
            ? number(group.count(), random)
            : bare ? "" : determiner(plural, rest, bareAllowed, random);
    return new NounPhrase(
        lead.isEmpty() ? rest : lead + " " + rest, claim(group, parts), plural, lead.isEmpty());
  }

  private static GroupClaim claim(Group group, Parts parts) {
    GroupClaim claim = GroupClaim.ANY;
    if (parts.thing()) {
      claim = claim.with(group.thing());
    }
    if (parts.colour()) {
      claim = claim.with(group.colour());
    }
    if (parts.size()) {
      claim = claim.with(group.size());
    }
    boolean exact = parts.count() || group.count() == 1;
    return claim.with(exact ? CountRange.exactly(group.count()) : CountRange.SEVERAL);
  }

  private static String number(int count, RandomGenerator random) {
    return word(NUMBERS.get(count - 1), random);
  }

  private static String determiner(
      boolean plural, String rest, boolean bareAllowed, RandomGenerator random) {
    if (plural) {
      return bareAllowed && random.nextBoolean() ? "" : "some";
    }
    return article(rest);
  }

  /** "a" or "an", by the first letter of what follows. */
  static String article(String following) {
    return "aeio".indexOf(following.charAt(0)) >= 0 ? "an" : "a";
  }

  /** Mostly the first, usual word; now and then any of them. */
  static <E> E word(List<E> words, RandomGenerator random) {
    return random.nextDouble() < SYNONYM_SHARE ? pick(words, random) : words.getFirst();
  }

  static <E> E pick(List<E> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
