package io.sensorium.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.models.training.adapters.Wording;
import io.sensorium.models.world.Background;
import io.sensorium.models.world.Colour;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Relation;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.Thing;
import io.sensorium.models.world.talk.Medium.Sense;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** In the published language model's own tokens. */
class SceneWordsTest {
  private static final Path TOKENIZER =
      Path.of("../defaults/src/main/checkpoints/lm-default/tokenizer.json");
  private static final ConversationTokens TOKENS = new ConversationTokens(TOKENIZER);

  @AfterAll
  static void close() {
    TOKENS.close();
  }

  @Test
  void ofTwoKindsInAPictureTheLeftOneIsSaidFirst() {
    assertSaid(
        Sense.PICTURE,
        pair(Thing.TRAIN, Thing.BELL),
        " two small red trains left, one large blue bell right, striped");
  }

  @Test
  void ofTwoKindsInASoundTheAlphabetSaysWhichIsFirst() {
    assertSaid(Sense.SOUND, pair(Thing.TRAIN, Thing.BELL), " one low bell and two high trains.");
    assertSaid(Sense.SOUND, pair(Thing.BELL, Thing.TRAIN), " two high bells and one low train.");
  }

  @Test
  void insteadOfASecondKindNothingIsSaid() {
    Scene one =
        Scene.single(
            new Group(Thing.OWL, Colour.GREEN, 3, Size.MEDIUM),
            Position.BOTTOM_RIGHT,
            Background.PLAIN);
    assertSaid(Sense.PICTURE, one, " three medium green owls bottom right...... plain");
    assertSaid(Sense.SOUND, one, " three medium owls.....");
  }

  @Test
  void everyThingHasANounOfOneToken() {
    for (Sense sense : Sense.values()) {
      for (Thing thing : Thing.values()) {
        Thing other = thing == Thing.BELL ? Thing.DRUM : Thing.BELL;
        Wording wording = new SceneWords(TOKENS, sense, List.of(pair(thing, other))).of(0);
        assertThat(wording.medium()).isZero();
        assertThat(wording.tokens())
            .as("%s of %s", sense, thing)
            .hasSize(sense == Sense.PICTURE ? SceneWords.SEEN : SceneWords.HEARD);
      }
    }
  }

  private static Scene pair(Thing first, Thing second) {
    return Scene.pair(
        new Group(first, Colour.RED, 2, Size.SMALL),
        Relation.LEFT_OF,
        new Group(second, Colour.BLUE, 1, Size.LARGE),
        Background.STRIPED);
  }

  /** What the tokens of a text, cut one by one, are, too. */
  private static void assertSaid(Sense sense, Scene scene, String text) {
    int[] expected =
        Arrays.stream(text.split("(?=[ .,])"))
            .flatMapToInt(word -> Arrays.stream(TOKENS.encode(word)))
            .toArray();
    assertThat(new SceneWords(TOKENS, sense, List.of(scene)).of(0).tokens()).isEqualTo(expected);
  }
}
