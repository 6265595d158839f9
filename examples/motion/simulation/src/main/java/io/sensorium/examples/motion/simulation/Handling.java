package io.sensorium.examples.motion.simulation;

import java.util.random.RandomGenerator;

/**
 * The conditions under which a motion is recorded. Immutable.
 *
 * @param noise deviation of the sensor's white noise on every axis, in m/s²
 * @param sway amplitude of a slow drift of whoever holds the thing, in m/s²
 */
public record Handling(double noise, double sway) {
  /** The sensor of a telephone on a table. */
  public static final Handling CALM = new Handling(0.03, 0);

  private static final double LEAST_NOISE = 0.02;
  private static final double MOST_NOISE = 0.3;
  private static final double MOST_SWAY = 0.3;

  public Handling {
    if (!(noise >= 0 && noise <= 100) || !(sway >= 0 && sway <= 100)) {
      throw new IllegalArgumentException(
          "noise and sway must be 0..100 m/s²; got " + noise + " and " + sway);
    }
  }

  /** Conditions as training should feel them: any noise, and sway half of the time. */
  public static Handling draw(RandomGenerator random) {
    double noise = LEAST_NOISE * Math.pow(MOST_NOISE / LEAST_NOISE, random.nextDouble());
    return new Handling(noise, random.nextBoolean() ? random.nextDouble(0, MOST_SWAY) : 0);
  }

  /** Held in a restless hand by a poor sensor. */
  public static Handling rough(RandomGenerator random) {
    return new Handling(random.nextDouble(0.15, MOST_NOISE), random.nextDouble(0, MOST_SWAY));
  }
}
