package io.sensorium.models.world.sounds;

import static io.sensorium.models.world.sounds.Shapes.hann;
import static io.sensorium.models.world.sounds.Shapes.plateau;
import static io.sensorium.models.world.sounds.Shapes.pulses;

import java.util.random.RandomGenerator;

/** Voices of animals. */
final class AnimalStrikes {

  private AnimalStrikes() {}

  /** A warble. */
  static float[] bird(double pitch, RandomGenerator random) {
    double hertz = 2000 * Math.pow(pitch, 0.8);
    return new Sound(0.3)
        .glide(
            time -> hertz * (1 + 0.35 * Oscillator.sine(time * 14)),
            time -> plateau(time, 0.03, 0.06, 0.3),
            1)
        .finish();
  }

  /** A bark: falling harmonics through a formant, with breath. */
  static float[] dog(double pitch, RandomGenerator random) {
    double[] harmonics = {0.5, 0.8, 1, 0.7, 0.5, 0.4, 0.3, 0.2};
    return new Sound(0.26)
        .glide(
            time -> 330 * pitch * (1.15 - 1.6 * time),
            time -> Math.exp(-Math.max(0, time - 0.04) / 0.05),
            harmonics)
        .noise(
            Biquad.bandPass(900 * pitch, 1),
            Biquad.lowPass(3500, 0.7),
            time -> 2.2 * Math.exp(-time / 0.045),
            random)
        .through(Biquad.bandPass(900 * pitch, 0.7))
        .shape(time -> plateau(time, 0.012, 0.05, 0.26))
        .finish();
  }

  /** A croak: a growling tone in pulses. */
  static float[] frog(double pitch, RandomGenerator random) {
    return new Sound(0.36)
        .glide(
            time -> 210 * pitch,
            time -> pulses(time, 28, 0.85) * plateau(time, 0.04, 0.08, 0.36),
            0.6,
            1,
            0.7,
            0.2,
            0.3)
        .finish();
  }

  /** A chirp of short high pulses. */
  static float[] cricket(double pitch, RandomGenerator random) {
    double hertz = 3600 * Math.pow(pitch, 0.7);
    return new Sound(0.3).glide(time -> hertz, time -> pulses(time, 13, 0.6), 1, 0.1).finish();
  }

  /** A meow: a rising and falling voice whose mouth opens and closes. */
  static float[] cat(double pitch, RandomGenerator random) {
    double[] closed = {1, 0.45, 0.15, 0.08, 0.04};
    double[] open = {0.3, 0.7, 1, 0.8, 0.5, 0.3, 0.15};
    return new Sound(0.42)
        .glide(time -> meow(time, pitch), time -> 0.5 * plateau(time, 0.05, 0.12, 0.42), closed)
        .glide(time -> meow(time, pitch), time -> 0.9 * hann(time - 0.05, 0.28), open)
        .finish();
  }

  private static double meow(double time, double pitch) {
    return 480 * pitch * (0.85 + 0.45 * Oscillator.sine(time / 0.42 / 2) - 0.35 * time);
  }

  /** Two soft hoots, the second longer. */
  static float[] owl(double pitch, RandomGenerator random) {
    return new Sound(0.4)
        .glide(
            time -> 360 * pitch * (time < 0.15 ? 1.05 : 1.0 - 0.15 * (time - 0.15)),
            time -> hann(time, 0.13) + hann(time - 0.16, 0.24),
            1,
            0.12,
            0.03)
        .noise(
            Biquad.bandPass(360 * pitch, 3),
            Biquad.lowPass(1500, 0.7),
            time -> 0.25 * (hann(time, 0.13) + hann(time - 0.16, 0.24)),
            random)
        .finish();
  }

  /** A buzz that flies past. */
  static float[] bee(double pitch, RandomGenerator random) {
    double[] harmonics = {0.5, 1, 0.8, 0.9, 0.6, 0.7, 0.4, 0.4, 0.3, 0.25, 0.2, 0.15};
    return new Sound(0.4)
        .glide(
            time -> 230 * pitch * (1.12 - 0.55 * time) * (1 + 0.03 * Oscillator.sine(time * 31)),
            time -> hann(time, 0.4) * (0.7 + 0.3 * Shapes.wobble(time, 24)),
            harmonics)
        .finish();
  }

  /** A honk that breaks into the higher register. */
  static float[] goose(double pitch, RandomGenerator random) {
    double[] harmonics = {0.3, 0.6, 1, 0.9, 0.4, 0.6, 0.3, 0.2};
    return new Sound(0.3)
        .glide(
            time -> pitch * (time < 0.09 ? 260 : 430 - 250 * (time - 0.09)),
            time -> plateau(time, 0.015, 0.05, 0.3) * (0.6 + 0.4 * Shapes.wobble(time, 70)),
            harmonics)
        .finish();
  }

  /** Three quick rising squeaks. */
  static float[] mouse(double pitch, RandomGenerator random) {
    double hertz = 2500 * Math.pow(pitch, 0.6);
    return new Sound(0.36)
        .glide(time -> hertz * (1 + 6 * (time % 0.12)), time -> hann(time % 0.12, 0.07), 1, 0.35)
        .finish();
  }
}
