package io.sensorium.it;

import io.sensorium.models.world.PngFile;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneRenderer;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.SoundSynthesizer;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.WaveFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Files of the little world, in combinations that training held back. */
final class WorldFiles {
  private static final int SIDE_PIXELS = 320;

  private final RandomGenerator random;
  private final SceneSampler sampler;
  private final SceneRenderer renderer = new SceneRenderer();
  private final SoundSynthesizer synthesizer = new SoundSynthesizer();

  WorldFiles(long seed, double twoKindShare) {
    random = Seeds.generator(seed);
    sampler = new SceneSampler(twoKindShare);
  }

  /** Writes pictures of unseen scenes and answers what each shows. */
  Map<Path, Scene> pictures(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    Map<Path, Scene> written = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Scene scene = sampler.sample(Split.COMBO, random);
      written.put(picture(folder.resolve("p%04d.png".formatted(i)), scene), scene);
    }
    return written;
  }

  Path picture(Path file, Scene scene) throws IOException {
    PngFile.write(file, renderer.render(scene, random, SIDE_PIXELS));
    return file;
  }

  Path sound(Path file, Scene scene) throws IOException {
    WaveFile.write(file, synthesizer.render(scene, random), SoundSynthesizer.SAMPLE_RATE);
    return file;
  }
}
