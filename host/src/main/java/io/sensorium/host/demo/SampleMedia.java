package io.sensorium.host.demo;

import io.sensorium.api.Modality;
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
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;

/**
 * Makes the demo's pictures and sounds: combinations that training held back, in new renderings.
 */
final class SampleMedia {
  private static final int SIDE_PIXELS = 320;
  private static final GroupClaim THREE_SMALL_BELLS =
      GroupClaim.ANY.with(Thing.BELL).with(Size.SMALL).with(CountRange.exactly(3));

  /** What the first question of the demo asks for. */
  static final Claim BELLS = Claim.of(THREE_SMALL_BELLS);

  private final RandomGenerator random;
  private final SceneSampler singles = new SceneSampler(0);
  private final SceneSampler pairs = new SceneSampler(1);
  private final SceneRenderer renderer = new SceneRenderer();
  private final SoundSynthesizer synthesizer = new SoundSynthesizer();

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
    List<Scene> scenes = new ArrayList<>();
    for (Thing thing : Thing.values()) {
      pictures.stream()
          .map(Sample::scene)
          .filter(scene -> !scene.twoKinds() && scene.first().thing() == thing)
          .findFirst()
          .ifPresent(scenes::add);
    }
    scenes.add(pictures.stream().map(Sample::scene).filter(BELLS::holds).findFirst().orElseThrow());
    List<Sample> samples = new ArrayList<>();
    Files.createDirectories(folder);
    for (Scene scene : shuffled(scenes)) {
      Path file = folder.resolve("sound-%03d.wav".formatted(samples.size()));
      WaveFile.write(file, synthesizer.render(scene, random), SoundSynthesizer.SAMPLE_RATE);
      samples.add(new Sample(file, Modality.AUDIO, scene));
    }
    return samples;
  }

  private List<Scene> askedFor() {
    return List.of(
        unseen(THREE_SMALL_BELLS),
        unseen(THREE_SMALL_BELLS.with(Colour.RED)),
        unseen(THREE_SMALL_BELLS.with(Colour.BLUE)),
        unseen(GroupClaim.ANY.with(Thing.DRUM).with(Colour.RED).with(Size.LARGE)),
        unseen(GroupClaim.ANY.with(Thing.BIRD).with(Colour.YELLOW)),
        unseen(GroupClaim.ANY.with(Thing.TRAIN).with(Colour.BLUE)));
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
