package io.sensorium.models.world;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Random generators of one fixed algorithm, so that a seed means the same numbers everywhere. */
public final class Seeds {

  private static final String ALGORITHM = "L64X128MixRandom";

  private Seeds() {}

  /** A new generator for one thread; equal seeds give equal sequences. */
  public static RandomGenerator generator(long seed) {
    return RandomGeneratorFactory.of(ALGORITHM).create(seed);
  }

  /** A new generator for the item {@code index} of a series, independent of its neighbours. */
  public static RandomGenerator generator(long seed, long index) {
    return generator(mix(mix(seed) + index));
  }

  /** A bijective finaliser whose every output bit depends on every input bit (Stafford's 13th). */
  static long mix(long value) {
    long mixed = value + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
