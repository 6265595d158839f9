package io.sensorium.models.world.sounds;

import java.util.random.RandomGenerator;

/** The sound that one thing makes once. Implementations are immutable and thread-safe. */
@FunctionalInterface
public interface Strike {

  /** Samples per second of every strike. */
  int SAMPLE_RATE = 16_000;

  /** The longest strike. */
  double MAXIMUM_SECONDS = 0.42;

  /**
   * Renders the sound.
   *
   * @param pitch factor on the nominal frequencies, about 0.4 to 2.2
   * @return mono samples at {@link #SAMPLE_RATE}, peak 1, owned by the caller
   */
  float[] render(double pitch, RandomGenerator random);
}
