package io.sensorium.examples.motion.simulation;

import io.sensorium.models.world.Group;
import io.sensorium.models.world.Size;
import java.util.random.RandomGenerator;

/**
 * One burst of one thing, along gravity and across it, in m/s² before the recording's own gain.
 * Small things move fast and little, large ones slowly and far, as {@link Size#pitch} says.
 */
@SuppressWarnings("ArrayRecordComponent") // samples are compared nowhere and copied for nobody
record Burst(double[] upright, double[] sideways) {
  private static final double HIGHEST_HERTZ = 45;
  private static final double RATTLE_SHARPNESS = 0.85;

  static Burst of(Group group, double rate, RandomGenerator random) {
    Movement movement = Movement.of(group.thing());
    double pitch = group.size().pitch() * random.nextDouble(0.93, 1.07);
    int samples = (int) Math.round(Movement.SECONDS * rate);
    double gain = 1 / Math.sqrt(group.size().pitch());
    double[] rattle = rattle(movement, pitch, samples, rate, random);
    double phase = random.nextDouble(0, 2 * Math.PI);
    double[] upright = axis(movement, movement.upright(), pitch, rattle, samples, rate, phase);
    double[] sideways =
        axis(movement, movement.sideways(), pitch, rattle, samples, rate, phase + Math.PI / 2);
    for (int i = 0; i < samples; i++) {
      double factor = gain * movement.envelope().at(i / rate);
      upright[i] *= factor;
      sideways[i] *= factor;
    }
    return new Burst(upright, sideways);
  }

  private static double[] axis(
      Movement movement,
      Movement.Harmonics harmonics,
      double pitch,
      double[] rattle,
      int samples,
      double rate,
      double phase) {
    var axis = new double[samples];
    double strength = harmonics.strength();
    if (strength == 0) {
      return axis;
    }
    double nominal = movement.hertz() * pitch;
    double glide = Math.log(movement.glide());
    double turned = 0;
    for (int i = 0; i < samples; i++) {
      double frequency = nominal * Math.exp(glide * (i / (double) samples - 0.5));
      double sum = 0;
      for (int number = 1; number <= 3; number++) {
        if (number * frequency < HIGHEST_HERTZ) {
          sum += harmonics.weight(number) * Math.sin(number * (turned + phase));
        }
      }
      axis[i] = sum / Math.max(1, strength) + movement.rattle() * rattle[i];
      turned += 2 * Math.PI * frequency / rate;
    }
    return axis;
  }

  /** Noise that rings around one and a half times the tone, of deviation about 1. */
  private static double[] rattle(
      Movement movement, double pitch, int samples, double rate, RandomGenerator random) {
    var noise = new double[samples];
    double hertz = Math.min(HIGHEST_HERTZ, 1.5 * movement.hertz() * pitch);
    double turn = 2 * Math.cos(2 * Math.PI * hertz / rate) * RATTLE_SHARPNESS;
    double damping = RATTLE_SHARPNESS * RATTLE_SHARPNESS;
    double before = 0;
    double last = 0;
    double scale = 1 - damping;
    for (int i = 0; i < samples; i++) {
      double next = turn * last - damping * before + scale * 2 * random.nextGaussian();
      before = last;
      last = next;
      noise[i] = next;
    }
    return noise;
  }
}
