package io.sensorium.models.training;

import io.sensorium.models.world.Scene;
import java.util.random.RandomGenerator;

/**
 * What a sense perceives of scenes, as the spectrograms that its tower reads. Called from one
 * thread; all randomness comes from the call's generator.
 */
@FunctionalInterface
public interface SensedScenes {
  /** How well a scene is perceived. */
  enum Condition {
    /** As well as it can be. */
    CLEAR,
    /** As badly as it should still be understood. */
    NOISY,
    /** Anything between the two. */
    ANY,
    /** As training should perceive it: varied in more ways than files are. */
    TRAINING
  }

  /**
   * Writes one spectrogram: the tower's rows (frequencies) by its columns (frames).
   *
   * @param target receives rows x columns values from {@code offset} on
   */
  void write(Scene scene, Condition condition, RandomGenerator random, float[] target, int offset);
}
