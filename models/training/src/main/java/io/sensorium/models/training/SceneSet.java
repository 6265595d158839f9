package io.sensorium.models.training;

import io.sensorium.models.world.Caption;
import io.sensorium.models.world.CaptionWriter;
import io.sensorium.models.world.Naming;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Scenes to measure on, each with a rich caption; equal seeds give equal sets. Immutable.
 *
 * @param scenes what is shown
 * @param captions one true sentence per scene
 * @param seed of the set, and of its pictures and sounds
 */
record SceneSet(List<Scene> scenes, List<Caption> captions, long seed) {
  SceneSet {
    scenes = List.copyOf(scenes);
    captions = List.copyOf(captions);
  }

  /** Draws {@code size} scenes of a split that satisfy {@code wanted}. */
  static SceneSet draw(
      int size, Split split, double twoKindShare, Predicate<Scene> wanted, long seed) {
    var sampler = new SceneSampler(twoKindShare);
    var writer = new CaptionWriter(Naming.RETRIEVAL);
    var scenes = new ArrayList<Scene>();
    var captions = new ArrayList<Caption>();
    RandomGenerator random = Seeds.generator(seed);
    while (scenes.size() < size) {
      Scene scene = sampler.sample(split, random);
      if (wanted.test(scene)) {
        scenes.add(scene);
        captions.add(writer.write(scene, random));
      }
    }
    return new SceneSet(scenes, captions, seed);
  }

  int size() {
    return scenes.size();
  }

  List<String> sentences() {
    return captions.stream().map(Caption::text).toList();
  }

  /** Renders every scene at {@code drawnSide} and encodes it into a unit row. */
  float[] encodeImages(TowerEncoder tower, int towerSide, int drawnSide) {
    var images = new SceneImages(towerSide);
    var rows = new float[size() * TextHead.WIDTH];
    int chunk = 50;
    for (int at = 0; at < size(); at += chunk) {
      int count = Math.min(chunk, size() - at);
      var pixels = new byte[count * images.bytes()];
      for (int i = 0; i < count; i++) {
        RandomGenerator random = Seeds.generator(seed, at + i);
        images.draw(scenes.get(at + i), random, drawnSide, pixels, i * images.bytes());
      }
      float[] part = tower.encode(pixels, count);
      System.arraycopy(part, 0, rows, at * TextHead.WIDTH, part.length);
    }
    return rows;
  }
}
