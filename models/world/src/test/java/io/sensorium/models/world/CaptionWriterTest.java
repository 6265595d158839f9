package io.sensorium.models.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptionWriterTest {

  private static final int TRIALS = 8_000;
  private static final Pattern NUMBER =
      Pattern.compile("\\b(one|two|three|four|[1-4]|single|lone|pair of|trio of)\\b");

  private final SceneSampler singles = new SceneSampler(0);
  private final SceneSampler mixed = new SceneSampler(0.5);

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 1021})
  void everyCaptionIsTrueOfItsScene(long seed) {
    RandomGenerator random = Seeds.generator(seed);
    for (Naming naming : List.of(Naming.TRAINING, Naming.RETRIEVAL, Naming.COMPLETE)) {
      CaptionWriter writer = new CaptionWriter(naming);
      for (int trial = 0; trial < TRIALS / 10; trial++) {
        Scene scene = mixed.sample(random);
        Caption caption = writer.write(scene, random);
        assertThat(caption.matches(scene)).as("%s of %s", caption, scene).isTrue();
      }
    }
  }

  @Test
  void theFormOfTheNounTellsOneFromSeveral() {
    RandomGenerator random = Seeds.generator(2);
    CaptionWriter writer = new CaptionWriter(Naming.TRAINING);
    for (int trial = 0; trial < TRIALS; trial++) {
      Scene scene = singles.sample(random);
      Caption caption = writer.write(scene, random);
      GroupClaim claim = caption.claim().groups().getFirst();
      boolean plural = containsNoun(caption.text(), claim, 2);
      boolean numbered = NUMBER.matcher(caption.text()).find();
      assertThat(containsNoun(caption.text(), claim, 1)).as(caption.text()).isEqualTo(!plural);
      CountRange expected =
          plural && !numbered ? CountRange.SEVERAL : CountRange.exactly(scene.first().count());
      assertThat(claim.count()).as(caption.text()).isEqualTo(expected);
      assertThat(plural).isEqualTo(scene.first().count() > 1);
    }
  }

  private static boolean containsNoun(String text, GroupClaim claim, int count) {
    List<Noun> nouns =
        claim
            .thing()
            .map(Thing::nouns)
            .orElse(List.of(Noun.regular("thing"), Noun.regular("object"), Noun.regular("icon")));
    return nouns.stream()
        .anyMatch(noun -> Pattern.compile("\\b" + noun.form(count) + "\\b").matcher(text).find());
  }

  @Test
  void theTextNamesExactlyTheClaimedAttributes() {
    RandomGenerator random = Seeds.generator(3);
    CaptionWriter writer = new CaptionWriter(Naming.TRAINING);
    for (int trial = 0; trial < TRIALS; trial++) {
      Caption caption = writer.write(singles.sample(random), random);
      String text = caption.text();
      GroupClaim claim = caption.claim().groups().getFirst();
      for (Colour colour : Colour.values()) {
        boolean named = colour.words().stream().anyMatch(word -> hasWord(text, word));
        assertThat(named).as(text).isEqualTo(claim.colour().filter(colour::equals).isPresent());
      }
      for (Size size : Size.values()) {
        boolean named = size.words().stream().anyMatch(word -> hasWord(text, word));
        assertThat(named).as(text).isEqualTo(claim.size().filter(size::equals).isPresent());
      }
      boolean where =
          List.of(Position.values()).stream()
              .flatMap(position -> position.words().stream())
              .anyMatch(text::contains);
      assertThat(where).as(text).isEqualTo(claim.position().isPresent());
      assertThat(text.contains("background"))
          .as(text)
          .isEqualTo(caption.claim().background().isPresent());
    }
  }

  private static boolean hasWord(String text, String word) {
    return Pattern.compile("\\b" + word + "\\b").matcher(text).find();
  }

  @Test
  void attributesAreNamedAsOftenAsAsked() {
    Naming naming = Naming.TRAINING;
    assertShare(naming.thing(), claim -> claim.thing().isPresent());
    assertShare(naming.colour(), claim -> claim.colour().isPresent());
    assertShare(naming.size(), claim -> claim.size().isPresent());
    assertShare(naming.position(), claim -> claim.position().isPresent());
    double single = 0.25;
    assertShare(
        single + (1 - single) * naming.count(), claim -> !claim.count().equals(CountRange.SEVERAL));
  }

  private void assertShare(double expected, Predicate<GroupClaim> named) {
    RandomGenerator random = Seeds.generator(5);
    CaptionWriter writer = new CaptionWriter(Naming.TRAINING);
    int hits = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      Claim claim = writer.write(singles.sample(random), random).claim();
      hits += named.test(claim.groups().getFirst()) ? 1 : 0;
    }
    assertThat(hits / (double) TRIALS).isCloseTo(expected, within(0.015));
  }

  @Test
  void aPairIsToldByBothGroupsByOneAndByItsRelation() {
    RandomGenerator random = Seeds.generator(11);
    SceneSampler pairs = new SceneSampler(1);
    CaptionWriter writer = new CaptionWriter(Naming.TRAINING);
    int both = 0;
    int related = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      Scene scene = pairs.sample(random);
      Claim claim = writer.write(scene, random).claim();
      both += claim.groups().size() == 2 ? 1 : 0;
      related += claim.relation().isPresent() ? 1 : 0;
      if (claim.groups().size() == 1) {
        assertThat(claim.groups().getFirst().thing()).isPresent();
      }
    }
    double bothShare = both / (double) TRIALS;
    assertThat(bothShare).isCloseTo(Naming.TRAINING.bothGroups(), within(0.015));
    assertThat(related / (double) both).isCloseTo(Naming.TRAINING.relation(), within(0.015));
  }

  @Test
  void aConverseWordingClaimsTheSceneItWasWrittenFor() {
    Group bells = new Group(Thing.BELL, Colour.RED, 2, Size.SMALL);
    Group drum = new Group(Thing.DRUM, Colour.BLUE, 1, Size.LARGE);
    Scene scene = Scene.pair(bells, Relation.LEFT_OF, drum, Background.PLAIN);
    Scene mirrored = Scene.pair(drum, Relation.LEFT_OF, bells, Background.PLAIN);
    CaptionWriter writer = new CaptionWriter(Naming.COMPLETE);
    RandomGenerator random = Seeds.generator(13);
    Set<Boolean> drumFirst = new HashSet<>();
    for (int trial = 0; trial < 500; trial++) {
      Caption caption = writer.write(scene, random);
      assertThat(caption.matches(scene)).isTrue();
      assertThat(caption.matches(mirrored)).as(caption.text()).isFalse();
      boolean drumToldFirst = caption.text().indexOf("drum") < caption.text().indexOf("bell");
      if (caption.text().contains("right of")) {
        assertThat(drumToldFirst).as(caption.text()).isTrue();
      }
      drumFirst.add(drumToldFirst);
    }
    assertThat(drumFirst).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void articlesFitTheirNouns() {
    RandomGenerator random = Seeds.generator(17);
    CaptionWriter writer = new CaptionWriter(Naming.TRAINING);
    Pattern wrong = Pattern.compile("\\ba [aeio]|\\ban [^aeio]|\\bis [a-z]+s\\b|  ");
    for (int trial = 0; trial < TRIALS; trial++) {
      String text = writer.write(mixed.sample(random), random).text();
      assertThat(wrong.matcher(text).find()).as(text).isFalse();
    }
  }

  @Test
  void equalSeedsWriteEqualSentencesAndSentencesVary() {
    Scene scene = singles.sample(Seeds.generator(23));
    CaptionWriter writer = new CaptionWriter(Naming.COMPLETE);
    Set<String> texts = new HashSet<>();
    for (long seed = 0; seed < 200; seed++) {
      Caption caption = writer.write(scene, Seeds.generator(seed));
      assertThat(writer.write(scene, Seeds.generator(seed))).isEqualTo(caption);
      texts.add(caption.text());
    }
    assertThat(texts).hasSizeGreaterThan(150);
  }
}
