package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.host.api.Question;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.AskArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.GenerationArguments.Manner;
import io.sensorium.host.operations.GenerationArguments.Penalties;
import io.sensorium.host.operations.LocalOperations;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Exchange;
import io.sensorium.models.world.talk.Medium;
import io.sensorium.models.world.talk.Medium.Sense;
import io.sensorium.models.world.talk.QuestionKind;
import io.sensorium.models.world.talk.Talk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the default model answers through the default adapters, asked as users ask: about files of
 * scenes that training held out. The bounds lie well below what was measured, so that another
 * machine's rounding does not matter. {@code -Dsensorium.scenes=150} measures.
 */
class DefaultAdaptersIT {
  private static final int SCENES = Integer.getInteger("sensorium.scenes", 40);
  private static final long SEED = 20261121;
  private static final int TOKENS = 12;

  @TempDir static Path folder;
  private static LocalOperations operations;

  @BeforeAll
  static void start() {
    Sensorium sensorium = Sensorium.start(SensoriumOptions.at(folder.resolve("home")));
    operations = new LocalOperations(sensorium);
  }

  @AfterAll
  static void stop() {
    operations.close();
  }

  /** A file and what it shows or lets hear. */
  private record Shown(Sense sense, Path file, Scene scene) {
    Item item() {
      return Item.file(sense == Sense.PICTURE ? "image" : "audio", file.toString());
    }
  }

  @Test
  void thingsOfOneKindAreNamedAndCounted() throws IOException {
    List<Shown> pictures = pictures(0);
    List<Shown> sounds = sounds(0);

    assertThat(share("pictures of one kind", pictures, QuestionKind.THING)).isGreaterThan(0.8);
    assertThat(share("pictures of one kind", pictures, QuestionKind.COUNT)).isGreaterThan(0.75);
    assertThat(share("sounds of one kind", sounds, QuestionKind.THING)).isGreaterThan(0.8);
    assertThat(share("sounds of one kind", sounds, QuestionKind.COUNT)).isGreaterThan(0.65);
  }

  @Test
  void ofAPictureAndASoundEachIsAnsweredFor() throws IOException {
    List<Shown> pictures = pictures(0);
    List<Shown> sounds = sounds(0);
    int right = 0;
    for (int index = 0; index < SCENES; index++) {
      RandomGenerator random = Seeds.generator(SEED, index);
      Shown picture = pictures.get(index);
      // Not the picture's own scene, or one answer would do for both.
      Shown sound = sounds.get((index + 1) % SCENES);
      boolean seeing = random.nextBoolean();
      Shown asked = seeing ? picture : sound;
      String question =
          seeing ? "What do you see in the picture?" : "What do you hear in the sound?";
      List<Item> items =
          random.nextBoolean()
              ? List.of(picture.item(), sound.item())
              : List.of(sound.item(), picture.item());
      String thing = asked.scene().first().thing().noun().singular();
      right += ask(items, question).equalsIgnoreCase(thing + ".") ? 1 : 0;
    }
    assertThat(told("a picture and a sound, thing", right, SCENES)).isGreaterThan(0.8);
  }

  /** One pair of 26 things in 325 would be right by chance. */
  @Test
  void ofTwoKindsBothAreNamedFarMoreOftenThanByChance() throws IOException {
    assertThat(share("pictures of two kinds", pictures(1), QuestionKind.THING)).isGreaterThan(0.3);
    assertThat(share("sounds of two kinds", sounds(1), QuestionKind.THING)).isGreaterThan(0.15);
  }

  private static List<Shown> pictures(double twoKindShare) throws IOException {
    var shown = new ArrayList<Shown>();
    Path into = Files.createDirectories(folder.resolve("pictures" + twoKindShare));
    new WorldFiles(SEED, twoKindShare)
        .pictures(into, SCENES)
        .forEach((file, scene) -> shown.add(new Shown(Sense.PICTURE, file, scene)));
    return shown;
  }

  private static List<Shown> sounds(double twoKindShare) throws IOException {
    var files = new WorldFiles(SEED, twoKindShare);
    var sampler = new SceneSampler(twoKindShare);
    RandomGenerator random = Seeds.generator(SEED + 1);
    Path into = Files.createDirectories(folder.resolve("sounds" + twoKindShare));
    var shown = new ArrayList<Shown>();
    while (shown.size() < SCENES) {
      Scene scene = sampler.sample(random);
      if (Split.soundHeldOut(scene)) {
        Path file = files.sound(into.resolve("s%04d.wav".formatted(shown.size())), scene);
        shown.add(new Shown(Sense.SOUND, file, scene));
      }
    }
    return shown;
  }

  private static double share(String name, List<Shown> shown, QuestionKind kind) {
    int right = 0;
    int asked = 0;
    for (int index = 0; index < shown.size(); index++) {
      RandomGenerator random = Seeds.generator(SEED, index);
      Shown one = shown.get(index);
      Medium told = Talk.tell(one.sense(), one.scene(), true, random);
      Optional<Exchange> exchange = Talk.ask(kind, told, random);
      if (exchange.isPresent()) {
        String answer = ask(List.of(one.item()), exchange.get().question());
        right += answer.equals(exchange.get().answer()) ? 1 : 0;
        asked++;
      }
    }
    return told(name + ", " + kind.id(), right, asked);
  }

  private static double told(String name, int right, int asked) {
    System.out.println(
        String.format(Locale.ROOT, "%s: %d of %d, seed %d", name, right, asked, SEED));
    return right / (double) asked;
  }

  private static String ask(List<Item> items, String question) {
    Manner manner =
        new Manner(
            "greedy", new Penalties(1, 0, 0), TOKENS, false, List.of(), false, -1, null, null);
    return operations
        .ask(
            new AskArguments(Question.DEFAULT_MODEL, items, question, manner),
            Call.within(Duration.ofMinutes(2)))
        .text()
        .strip();
  }
}
