package io.sensorium.models.world;

import static io.sensorium.models.world.NounPhrase.pick;
import static io.sensorium.models.world.NounPhrase.word;

import io.sensorium.models.world.NounPhrase.Parts;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Describes scenes in varied sentences that know what they say. Every caption is true of the scene
 * it was written for. Immutable and thread-safe; all randomness comes from the call's generator.
 */
public final class CaptionWriter {

  private static final List<String> OPENINGS =
      List.of("a picture of", "an image of", "a drawing of", "i see", "i can see", "a scene with");
  private static final List<String> BACKDROPS =
      List.of("on a %s background", "against a %s background", "in front of a %s background");

  private final Naming naming;

  /** A writer that names attributes as often as {@code naming} says. */
  public CaptionWriter(Naming naming) {
    this.naming = Objects.requireNonNull(naming, "naming");
  }

  /** A sentence that is true of {@code scene}. */
  public Caption write(Scene scene, RandomGenerator random) {
    boolean tellsBackground = random.nextDouble() < naming.background();
    Caption told =
        scene.twoKinds() ? aboutPair(scene, random) : aboutSingle(scene, tellsBackground, random);
    if (!tellsBackground) {
      return told;
    }
    String backdrop = pick(BACKDROPS, random).formatted(word(scene.background().words(), random));
    String text =
        random.nextDouble() < 0.2 ? backdrop + ", " + told.text() : told.text() + " " + backdrop;
    return new Caption(text, told.claim().with(scene.background()));
  }

  private Caption aboutSingle(Scene scene, boolean tellsMore, RandomGenerator random) {
    boolean tellsPosition = random.nextDouble() < naming.position();
    Parts parts = Parts.draw(naming, random);
    if (parts.silent() && !tellsPosition && !tellsMore) {
      parts = parts.withThing();
    }
    return aboutGroup(scene, 0, parts, tellsPosition, random);
  }

  private Caption aboutGroup(
      Scene scene, int index, Parts parts, boolean tellsPosition, RandomGenerator random) {
    Group group = scene.groups().get(index);
    int template = random.nextInt(8);
    NounPhrase phrase = NounPhrase.of(group, parts, template < 4, random);
    String verb = phrase.plural() ? "are " : "is ";
    if (!tellsPosition) {
      String text =
          switch (template) {
            case 4 -> "there " + verb + phrase.text();
            case 5, 6 -> pick(OPENINGS, random) + " " + phrase.text();
            default -> phrase.text();
          };
      return new Caption(text, Claim.of(phrase.claim()));
    }
    Position position = scene.positionOf(index);
    String where = word(position.words(), random);
    String text =
        switch (template) {
          case 3 -> where + ", " + phrase.text();
          case 4 -> "there " + verb + phrase.text() + " " + where;
          case 5 -> pick(OPENINGS, random) + " " + phrase.text() + " " + where;
          case 6 -> where + " there " + verb + phrase.text();
          case 7 -> phrase.text() + " " + verb + where;
          default -> phrase.text() + " " + where;
        };
    return new Caption(text, Claim.of(phrase.claim().with(position)));
  }

  private Caption aboutPair(Scene scene, RandomGenerator random) {
    if (random.nextDouble() >= naming.bothGroups()) {
      // Only a named thing tells the group from the other: "two objects" would count both.
      Parts parts = Parts.draw(naming, random).withThing();
      boolean tellsPosition = random.nextDouble() < naming.position();
      return aboutGroup(scene, random.nextInt(2), parts, tellsPosition, random);
    }
    boolean converse = random.nextBoolean();
    NounPhrase[] phrases = new NounPhrase[2];
    boolean bare = random.nextDouble() < 0.4;
    for (int told = 0; told < 2; told++) {
      Parts parts = Parts.draw(naming, random);
      Group group = scene.groups().get(converse ? 1 - told : told);
      phrases[told] =
          NounPhrase.of(group, parts.colour() ? parts : parts.withThing(), bare, random);
    }
    return random.nextDouble() < naming.relation()
        ? related(scene, phrases[0], phrases[1], converse, random)
        : joined(phrases[0], phrases[1], random);
  }

  private static Caption joined(NounPhrase told, NounPhrase other, RandomGenerator random) {
    String both = told.text() + (random.nextInt(5) == 0 ? " with " : " and ") + other.text();
    return new Caption(opened(told, both, random), Claim.of(told.claim(), other.claim()));
  }

  private static Caption related(
      Scene scene, NounPhrase told, NounPhrase other, boolean converse, RandomGenerator random) {
    Relation relation = scene.relation().orElseThrow();
    GroupClaim first = converse ? other.claim() : told.claim();
    GroupClaim second = converse ? told.claim() : other.claim();
    Claim claim = new Claim(List.of(first, second), Optional.of(relation), Optional.empty());
    String preposition = word(converse ? relation.converseWords() : relation.words(), random);
    String verb = told.plural() ? " are " : " is ";
    String toldPlace = word(relation.positionOf(converse ? 1 : 0).words(), random);
    String otherPlace = word(relation.positionOf(converse ? 0 : 1).words(), random);
    String text =
        switch (random.nextInt(8)) {
          case 0 -> told.text() + verb + preposition + " " + other.text();
          case 1 -> told.text() + " " + toldPlace + " and " + other.text() + " " + otherPlace;
          case 2 -> toldPlace + " " + told.text() + ", " + otherPlace + " " + other.text();
          default -> opened(told, told.text() + " " + preposition + " " + other.text(), random);
        };
    return new Caption(text, claim);
  }

  private static String opened(NounPhrase told, String rest, RandomGenerator random) {
    if (told.bare()) {
      return rest;
    }
    return switch (random.nextInt(6)) {
      case 0 -> "there " + (told.plural() ? "are " : "is ") + rest;
      case 1, 2 -> pick(OPENINGS, random) + " " + rest;
      default -> rest;
    };
  }
}
