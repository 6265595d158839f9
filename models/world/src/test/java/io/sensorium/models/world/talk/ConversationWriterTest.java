package io.sensorium.models.world.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sensorium.models.world.Background;
import io.sensorium.models.world.Colour;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Medium.Sense;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationWriterTest {

  private static final int TRIALS = 2_000;

  private final SceneSampler scenes = new SceneSampler(0.5);

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 1021})
  void whatAMediumTellsIsTrueOfItsSceneAndOfAllItsGroups(long seed) {
    RandomGenerator random = Seeds.generator(seed);
    for (int trial = 0; trial < TRIALS; trial++) {
      Scene scene = scenes.sample(random);
      Medium picture = PictureTeller.tell(scene, random.nextBoolean(), random);
      assertThat(picture.claim().holds(scene)).as("%s of %s", picture, scene).isTrue();
      assertThat(picture.claim().groups()).hasSameSizeAs(scene.groups());
      Medium sound = SoundTeller.tell(scene, random.nextBoolean(), random);
      assertThat(sound.claim().holds(scene)).as("%s of %s", sound, scene).isTrue();
      assertThat(sound.claim().groups()).hasSameSizeAs(scene.groups());
    }
  }

  @ParameterizedTest
  @EnumSource(QuestionKind.class)
  void anAnswerIsTheOneThatTheSceneItselfGives(QuestionKind kind) {
    RandomGenerator random = Seeds.generator(17);
    SceneOracle oracle = new SceneOracle();
    int checked = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      Scene scene = scenes.sample(random);
      Medium medium = PictureTeller.tell(scene, true, random);
      Optional<Exchange> exchange = Talk.ask(kind, medium, random);
      if (exchange.isPresent()) {
        Optional<String> expected = oracle.answer(scene, exchange.get().question());
        if (expected.isPresent()) {
          checked++;
          assertThat(exchange.get().answer())
              .as("%s of %s", exchange.get(), scene)
              .isEqualTo(expected.get());
        }
      }
    }
    Set<QuestionKind> read =
        EnumSet.of(
            QuestionKind.COLOUR,
            QuestionKind.COUNT,
            QuestionKind.SIZE,
            QuestionKind.POSITION,
            QuestionKind.YES_NO,
            QuestionKind.COMPARISON,
            QuestionKind.ARITHMETIC);
    assertThat(checked)
        .as("questions the oracle reads")
        .isGreaterThan(read.contains(kind) ? 60 : -1);
  }

  @Test
  void whatATextLeavesOutIsNotAnsweredAndWhatItTellsIs() {
    RandomGenerator random = Seeds.generator(23);
    int open = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      Scene scene = new SceneSampler(0).sample(random);
      Medium medium = PictureTeller.tell(scene, false, random);
      GroupClaim told = medium.claim().groups().getFirst();
      Exchange exchange = Talk.ask(QuestionKind.SIZE, medium, random).orElseThrow();
      if (!exchange.answer().startsWith("There are no")) {
        boolean aboutAbsent = told.thing().isEmpty() && exchange.open();
        assertThat(exchange.open())
            .as("%s of %s", exchange, medium)
            .isEqualTo(told.size().isEmpty() || aboutAbsent);
        open += exchange.open() ? 1 : 0;
      }
    }
    assertThat(open).isBetween(TRIALS / 10, TRIALS / 2);
  }

  @Test
  void equalSeedsGiveEqualTalkAndOthersOther() {
    ConversationWriter writer = new ConversationWriter(Split.TRAIN);
    Set<Conversation> seen = new HashSet<>();
    for (int index = 0; index < 300; index++) {
      Conversation talk = writer.write(3, Seeds.generator(5, index));
      assertThat(writer.write(3, Seeds.generator(5, index))).isEqualTo(talk);
      assertThat(talk.exchanges()).hasSizeBetween(1, 3);
      seen.add(talk);
    }
    assertThat(seen).hasSizeGreaterThan(290);
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void picturesBelongToTheSplitAndSoundsToItsHalfOfTheTriples(Split split) {
    ConversationWriter writer = new ConversationWriter(split);
    RandomGenerator random = Seeds.generator(31);
    int pictures = 0;
    int sounds = 0;
    for (int trial = 0; trial < 400; trial++) {
      for (Medium medium : writer.write(2, 1, random).media()) {
        boolean single = medium.claim().groups().size() == 1;
        GroupClaim group = medium.claim().groups().getFirst();
        if (single && medium.sense() == Sense.PICTURE && complete(medium)) {
          assertThat(Split.of(scene(medium))).isEqualTo(split);
          pictures++;
        }
        if (single && medium.sense() == Sense.SOUND && group.size().isPresent()) {
          Scene any = Scene.single(group(group, Colour.RED), Position.CENTRE, Background.PLAIN);
          assertThat(Split.soundHeldOut(any)).isEqualTo(split != Split.TRAIN);
          sounds++;
        }
      }
    }
    assertThat(pictures).isGreaterThan(50);
    assertThat(sounds).isGreaterThan(30);
  }

  private static boolean complete(Medium medium) {
    GroupClaim group = medium.claim().groups().getFirst();
    return group.thing().isPresent()
        && group.colour().isPresent()
        && group.size().isPresent()
        && group.position().isPresent()
        && group.count().least() == group.count().most();
  }

  private static Scene scene(Medium medium) {
    GroupClaim group = medium.claim().groups().getFirst();
    return Scene.single(
        group(group, group.colour().orElseThrow()),
        group.position().orElseThrow(),
        Background.PLAIN);
  }

  private static Group group(GroupClaim claim, Colour colour) {
    return new Group(
        claim.thing().orElseThrow(), colour, claim.count().least(), claim.size().orElseThrow());
  }

  @Test
  void soundsTellNothingThatIsNotHeard() {
    RandomGenerator random = Seeds.generator(41);
    for (int trial = 0; trial < TRIALS; trial++) {
      Medium sound = SoundTeller.tell(scenes.sample(random), true, random);
      assertThat(sound.claim().relation()).isEmpty();
      assertThat(sound.claim().background()).isEmpty();
      assertThat(sound.claim().groups())
          .allSatisfy(group -> assertThat(group.colour()).isEmpty())
          .allSatisfy(group -> assertThat(group.position()).isEmpty());
      Exchange colour = Talk.ask(QuestionKind.COLOUR, sound, random).orElseThrow();
      assertThat(colour.open() || colour.answer().startsWith("There are no")).isTrue();
    }
  }

  @Test
  void theWordsOfAnUnorderedPartAreOneHeapPerGroup() {
    RandomGenerator random = Seeds.generator(43);
    for (int trial = 0; trial < TRIALS; trial++) {
      Scene scene = scenes.sample(random);
      Medium heap = PictureTeller.heap(scene, Told.ALL, random);
      assertThat(heap.unordered()).isTrue();
      assertThat(heap.parts()).hasSize(scene.twoKinds() ? 3 : 1);
      assertThat(heap.text().split(",? ")).hasSizeGreaterThanOrEqualTo(6);
    }
  }

  @Test
  void lessonsAskForEachAttributeOnceAndForColoursFirst() {
    ConversationWriter writer = new ConversationWriter(Split.TRAIN);
    RandomGenerator random = Seeds.generator(53);
    for (int trial = 0; trial < 200; trial++) {
      Conversation talk = writer.lesson(0.5, 3, random);
      assertThat(talk.media()).hasSize(1);
      assertThat(talk.exchanges()).hasSizeBetween(1, 3).noneMatch(Exchange::open);
      assertThat(talk.exchanges().stream().map(Exchange::kind))
          .filteredOn(kind -> kind != QuestionKind.YES_NO)
          .doesNotHaveDuplicates();
      boolean colour = talk.exchanges().getFirst().kind() == QuestionKind.COLOUR;
      // Where the subject cannot be named, a question falls out.
      assertThat(!colour || talk.media().getFirst().sense() == Sense.PICTURE).isTrue();
    }
  }

  @Test
  void severalMediaAreToldApartAndNoAnswerIsAskedForTwice() {
    RandomGenerator random = Seeds.generator(47);
    Medium one = Talk.tell(Sense.PICTURE, scenes.sample(random), true, random);
    Medium two = Talk.tell(Sense.PICTURE, scenes.sample(random), true, random);
    Medium sound = Talk.tell(Sense.SOUND, scenes.sample(random), true, random);
    Conversation talk = Talk.about(List.of(one, two, sound), 200, random);
    assertThat(talk.exchanges()).hasSizeBetween(20, 200);
    Set<String> given = new HashSet<>();
    for (Exchange exchange : talk.exchanges()) {
      if (exchange.kind() == QuestionKind.COLOUR) {
        assertThat(exchange.question().toLowerCase(Locale.ROOT))
            .containsPattern("picture [12]|first picture|second picture|sound");
        assertThat(given.add(exchange.answer())).as(exchange.answer()).isTrue();
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Talk.about(List.of(one, one, one, one, one), 1, random))
        .withMessageContaining("5");
  }

  @Test
  void whatCannotBeAskedOfASoundIsRefused() {
    ConversationWriter writer = new ConversationWriter(Split.COMBO);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.examine(Sense.SOUND, QuestionKind.BACKGROUND, Seeds.generator(1)))
        .withMessageContaining("BACKGROUND");
  }
}
