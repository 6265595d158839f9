package io.sensorium.examples.motion.training;

import io.sensorium.examples.motion.Acceleration;
import io.sensorium.examples.motion.MotionFeatures;
import io.sensorium.examples.motion.simulation.Handling;
import io.sensorium.examples.motion.simulation.Motion;
import io.sensorium.examples.motion.simulation.MotionSynthesizer;
import io.sensorium.models.training.SensedScenes;
import io.sensorium.models.world.Scene;
import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/** How scenes feel: synthesised motion through the very features that the bundle computes. */
final class FeltScenes implements SensedScenes {
  private final MotionSynthesizer synthesizer = new MotionSynthesizer();
  private final MotionFeatures features;
  private final int rows;
  private final int columns;

  FeltScenes(MotionFeatures features) {
    this.features = features;
    columns = Math.toIntExact(features.shape().dimension(1));
    rows = Math.toIntExact(features.shape().dimension(2));
  }

  /** Frequencies. */
  int rows() {
    return rows;
  }

  /** Frames. */
  int columns() {
    return columns;
  }

  @Override
  public void write(
      Scene scene, Condition condition, RandomGenerator random, float[] target, int offset) {
    Handling handling =
        switch (condition) {
          case CLEAR -> Handling.CALM;
          case NOISY -> Handling.rough(random);
          case ANY, TRAINING -> Handling.draw(random);
        };
    Motion motion = synthesizer.render(scene, random, handling);
    FloatBuffer frames =
        features.of(new Acceleration(motion.x(), motion.y(), motion.z()), "scene").asFloats();
    for (int frame = 0; frame < columns; frame++) {
      for (int row = 0; row < rows; row++) {
        target[offset + row * columns + frame] = frames.get(frame * rows + row);
      }
    }
  }
}
