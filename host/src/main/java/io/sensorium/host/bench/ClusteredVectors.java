package io.sensorium.host.bench;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Unit vectors around random centres, as embeddings lie: uniformly random ones have no neighbours
 * worth finding. Deterministic for a seed.
 */
final class ClusteredVectors {
  private final RandomGenerator random;
  private final float[][] centres;
  private final double spread;

  /**
   * @param spread standard deviation of a vector around its centre, in units of the centre's length
   */
  ClusteredVectors(int dimension, int clusters, double spread, long seed) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.spread = spread / Math.sqrt(dimension);
    this.centres = new float[clusters][];
    for (int i = 0; i < clusters; i++) {
      centres[i] = unit(new float[dimension], 1);
    }
  }

  /** The next vector of length 1. */
  float[] next() {
    return unit(centres[random.nextInt(centres.length)], spread);
  }

  private float[] unit(float[] centre, double deviation) {
    float[] vector = new float[centre.length];
    double squares = 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (centre[i] + deviation * random.nextGaussian());
      squares += (double) vector[i] * vector[i];
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= scale;
    }
    return vector;
  }
}
