package io.sensorium.models.world;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/**
 * The conditions under which a scene is heard. Immutable.
 *
 * @param signalToNoiseDecibels power of the strikes, over the span in which they sound, to the
 *     power of an added mix of white noise, pink noise and mains hum; empty for the faint hiss of a
 *     quiet room alone
 * @param overlapping whether strikes follow each other faster than they die away
 * @param digitalSilence whether the samples before the first and after the last strike are exactly
 *     zero
 */
public record Acoustics(
    OptionalDouble signalToNoiseDecibels, boolean overlapping, boolean digitalSilence) {

  /** A quiet room, one strike after the other. */
  public static final Acoustics CLEAR = new Acoustics(OptionalDouble.empty(), false, false);

  public Acoustics {
    Objects.requireNonNull(signalToNoiseDecibels, "signalToNoiseDecibels");
    if (signalToNoiseDecibels.isPresent()
        && !(Math.abs(signalToNoiseDecibels.getAsDouble()) <= 100)) {
      throw new IllegalArgumentException(
          "the signal-to-noise ratio must be -100..100 dB; got "
              + signalToNoiseDecibels.getAsDouble());
    }
  }

  /** One strike after the other in noise. */
  public static Acoustics noisy(double signalToNoiseDecibels) {
    return new Acoustics(OptionalDouble.of(signalToNoiseDecibels), false, false);
  }

  /**
   * Conditions as training should hear them: half in noise of 0 to 12 dB, a quarter overlapping, a
   * seventh with digital silence.
   */
  public static Acoustics draw(RandomGenerator random) {
    OptionalDouble decibels =
        random.nextBoolean() ? OptionalDouble.of(random.nextDouble(0, 12)) : OptionalDouble.empty();
    return new Acoustics(decibels, random.nextInt(4) == 0, random.nextInt(7) == 0);
  }
}
