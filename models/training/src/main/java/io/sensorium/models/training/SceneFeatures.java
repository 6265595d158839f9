package io.sensorium.models.training;

import io.sensorium.models.training.SensedScenes.Condition;
import io.sensorium.models.training.adapters.FeatureTable;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Medium.Sense;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Scenes, and what the published towers say of their pictures or sounds. Equal seeds give equal
 * ones. Immutable.
 *
 * @param scenes each shown once
 */
record SceneFeatures(Sense sense, List<Scene> scenes, long seed) {
  private static final double FILE_SHARE = 0.25;
  private static final int CHUNK = 32;
  private static final int LOG_MEDIA = 1_024;

  SceneFeatures {
    scenes = List.copyOf(scenes);
  }

  /** Draws scenes of a split; of sounds, those whose triples belong to it. */
  static SceneFeatures draw(Sense sense, Split split, double twoKindShare, int size, long seed) {
    var sampler = new SceneSampler(twoKindShare);
    RandomGenerator random = Seeds.generator(seed);
    var scenes = new ArrayList<Scene>();
    while (scenes.size() < size) {
      Scene scene = sampler.sample(random);
      boolean fits =
          sense == Sense.PICTURE
              ? Split.of(scene) == split
              : Split.soundHeldOut(scene) == (split != Split.TRAIN);
      if (fits) {
        scenes.add(scene);
      }
    }
    return new SceneFeatures(sense, scenes, seed);
  }

  /**
   * Draws the number of a scene of two kinds, or else of one.
   *
   * @param share how many are of two kinds, 0..1
   */
  ToIntFunction<RandomGenerator> ofTwoKinds(double share) {
    List<Integer> two = numbers(Scene::twoKinds);
    List<Integer> one = numbers(scene -> !scene.twoKinds());
    return random -> {
      List<Integer> chosen = random.nextDouble() < share ? two : one;
      return chosen.get(random.nextInt(chosen.size()));
    };
  }

  private List<Integer> numbers(Predicate<Scene> kept) {
    return IntStream.range(0, scenes.size())
        .filter(number -> kept.test(scenes.get(number)))
        .boxed()
        .toList();
  }

  /** The features, computed once and then kept in {@code file}. */
  FeatureTable table(Path checkpoints, Path file, boolean varied, Consumer<String> log) {
    var space = new PublishedSpace(checkpoints);
    TowerShape shape = sense == Sense.PICTURE ? ImageModel.SHAPE : BoundModel.AUDIO;
    try (TowerEncoder tower =
        sense == Sense.PICTURE ? space.imageFeatures() : space.soundFeatures()) {
      FeatureTable.Encoder encoder =
          sense == Sense.PICTURE
              ? (from, to) -> pictures(tower, from, to, varied)
              : sounds(tower, new SceneClips(shape, SceneClips.measure(shape)), shape, varied);
      return FeatureTable.keptIn(
          file,
          shape.features(),
          scenes.size(),
          CHUNK,
          encoder,
          count -> {
            if (count % LOG_MEDIA == 0) {
              log.accept("%s: %d of %d".formatted(file.getFileName(), count, scenes.size()));
            }
          });
    }
  }

  private float[] pictures(TowerEncoder tower, int from, int to, boolean varied) {
    var images = new SceneImages(ImageModel.SHAPE.rows());
    var pixels = new byte[(to - from) * images.bytes()];
    for (int index = from; index < to; index++) {
      RandomGenerator random = Seeds.generator(seed + 1, index);
      boolean file = !varied || random.nextDouble() < FILE_SHARE;
      int side = file ? ImageBatches.FILE_SIDE : ImageModel.SHAPE.rows();
      images.draw(scenes.get(index), random, side, pixels, (index - from) * images.bytes());
    }
    return tower.encode(pixels, to - from);
  }

  private FeatureTable.Encoder sounds(
      TowerEncoder tower, SceneClips clips, TowerShape shape, boolean varied) {
    return (from, to) -> {
      var spectrograms = new float[(to - from) * shape.values()];
      for (int index = from; index < to; index++) {
        RandomGenerator random = Seeds.generator(seed + 1, index);
        Condition condition = varied ? Condition.TRAINING : Condition.CLEAR;
        clips.write(
            scenes.get(index), condition, random, spectrograms, (index - from) * shape.values());
      }
      return tower.encode(spectrograms, to - from);
    };
  }
}
