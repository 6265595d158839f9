package io.sensorium.index.lucene;

import io.sensorium.api.Modality;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Random items whose content follows from a seed. */
final class Samples {
  static final SpaceId WORLD = new SpaceId("world", "1");
  static final List<String> WORDS =
      List.of("red", "bell", "drum", "small", "loud", "blue", "three", "river", "night", "glass");

  private Samples() {}

  static Embedding embedding(SpaceId space, int dimension, RandomGenerator random) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Embedding.of(space, FloatBuffer.wrap(values)).normalized();
  }

  /** The item number {@code n}, always the same. */
  static IndexEntry entry(int n, int dimension) {
    RandomGenerator random = new SplittableRandom(n);
    StringBuilder text = new StringBuilder();
    for (int words = random.nextInt(8); words > 0; words--) {
      text.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
    }
    return new IndexEntry(
        "item-" + n,
        n % 3 == 0 ? Modality.IMAGE : n % 3 == 1 ? Modality.AUDIO : Modality.TEXT,
        "/media/folder_%d/%s.png".formatted(n % 7, WORDS.get(random.nextInt(WORDS.size()))),
        Integer.toHexString(n),
        embedding(WORLD, dimension, random),
        text.toString(),
        Map.of("parity", n % 2 == 0 ? "even" : "odd", "number", Integer.toString(n)));
  }
}
