package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.examples.motion.simulation.Handling;
import io.sensorium.examples.motion.simulation.MotionFile;
import io.sensorium.examples.motion.simulation.MotionSynthesizer;
import io.sensorium.models.world.Claim;
import io.sensorium.models.world.Colour;
import io.sensorium.models.world.CountRange;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneRenderer;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.SoundSynthesizer;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.Thing;
import io.sensorium.models.world.WaveFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;

/**
 * Makes the demo's pictures, sounds and movements: combinations that training held back, in new
 * renderings.
 */
final class SampleMedia {
  private static final int SIDE_PIXELS = 320;

  /** What is asked for in words, and what the words mean; the first is also heard. */
  static final Map<String, GroupClaim> ASKED = asked();

  /** What the first question of the demo asks for. */
  static final Claim BELLS = Claim.of(ASKED.get("three small bells"));

  private final RandomGenerator random;
  private final SceneSampler singles = new SceneSampler(0);
  private final SceneSampler pairs = new SceneSampler(1);
  private final SceneRenderer renderer = new SceneRenderer();
  private final SoundSynthesizer synthesizer = new SoundSynthesizer();
  private final MotionSynthesizer shaker = new MotionSynthesizer();

  SampleMedia(long seed) {
    random = Seeds.generator(seed);
  }

  /**
   * Writes {@code picture-000.png} and so on: every thing twice, the ones asked for, some pairs.
   */
  List<Sample> writePictures(Path folder, int twoKinds) throws IOException {
    List<Scene> scenes = new ArrayList<>(askedFor());
    for (Thing thing : Thing.values()) {
      scenes.add(unseen(GroupClaim.ANY.with(thing)));
      scenes.add(unseen(GroupClaim.ANY.with(thing)));
    }
    for (int i = 0; i < twoKinds; i++) {
      scenes.add(pairs.sample(Split.COMBO, random));
    }
    List<Sample> samples = new ArrayList<>();
    Files.createDirectories(folder);
    for (Scene scene : shuffled(scenes)) {
      Path file = folder.resolve("picture-%03d.png".formatted(samples.size()));
      ImageIO.write(renderer.render(scene, random, SIDE_PIXELS), "png", file.toFile());
      samples.add(new Sample(file, Modality.IMAGE, scene));
    }
    return samples;
  }

  /** Writes {@code sound-000.wav} and so on: how one picture of every thing sounds. */
  List<Sample> writeSounds(Path folder, List<Sample> pictures) throws IOException {
    List<Sample> samples = new ArrayList<>();
    Files.createDirectories(folder);
    for (Scene scene : shuffled(oneOfEveryThing(pictures))) {
      Path file = folder.resolve("sound-%03d.wav".formatted(samples.size()));
      WaveFile.write(file, synthesizer.render(scene, random), SoundSynthesizer.SAMPLE_RATE);
      samples.add(new Sample(file, Modality.AUDIO, scene));
    }
    return samples;
  }

  /** Writes {@code motion-000.motion.csv} and so on: how one picture of every thing moves. */
  List<Sample> writeMotions(Path folder, List<Sample> pictures) throws IOException {
    List<Sample> samples = new ArrayList<>();
    Files.createDirectories(folder);
    for (Scene scene : shuffled(oneOfEveryThing(pictures))) {
      Path file = folder.resolve("motion-%03d.motion.csv".formatted(samples.size()));
      MotionFile.write(file, shaker.render(scene, random, Handling.CALM));
      samples.add(new Sample(file, Sample.MOTION, scene));
    }
    return samples;
  }

  /** The scenes of one picture of every thing, and of the bells that are asked for. */
  private static List<Scene> oneOfEveryThing(List<Sample> pictures) {
    List<Scene> scenes = new ArrayList<>();
    for (Thing thing : Thing.values()) {
      pictures.stream()
          .map(Sample::scene)
          .filter(scene -> !scene.twoKinds() && scene.first().thing() == thing)
          .findFirst()
          .ifPresent(scenes::add);
    }
    scenes.add(bells(pictures).scene());
    return scenes;
  }

  /** The first sample of the bells that the first question asks for. */
  static Sample bells(List<Sample> samples) {
    return samples.stream().filter(sample -> BELLS.holds(sample.scene())).findFirst().orElseThrow();
  }

  private static Map<String, GroupClaim> asked() {
    Map<String, GroupClaim> asked = new LinkedHashMap<>();
    asked.put("three small bells", claim(Thing.BELL, 3).with(Size.SMALL));
    asked.put("a red drum", claim(Thing.DRUM, 1).with(Colour.RED));
    asked.put("a blue train", claim(Thing.TRAIN, 1).with(Colour.BLUE));
    asked.put("two yellow birds", claim(Thing.BIRD, 2).with(Colour.YELLOW));
    return Collections.unmodifiableMap(asked);
  }

  private static GroupClaim claim(Thing thing, int count) {
    return GroupClaim.ANY.with(thing).with(CountRange.exactly(count));
  }

  private List<Scene> askedFor() {
    List<Scene> scenes = new ArrayList<>();
    ASKED.values().forEach(claim -> scenes.add(unseen(claim)));
    GroupClaim bells = ASKED.get("three small bells");
    scenes.add(unseen(bells.with(Colour.RED)));
    scenes.add(unseen(bells.with(Colour.BLUE)));
    return scenes;
  }

  private Scene unseen(GroupClaim claim) {
    return singles.sample(Split.COMBO, Claim.of(claim), random);
  }

  private List<Scene> shuffled(List<Scene> scenes) {
    List<Scene> order = new ArrayList<>(scenes);
    Collections.shuffle(order, Random.from(random));
    return order;
  }
}
