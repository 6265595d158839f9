package io.sensorium.models.world.sounds;

import static io.sensorium.models.world.sounds.Shapes.hann;
import static io.sensorium.models.world.sounds.Shapes.plateau;

import java.util.random.RandomGenerator;

/** Machines and signals. */
final class MachineStrikes {

  private MachineStrikes() {}

  /** A hollow tone that goes up and down once. */
  static float[] siren(double pitch, RandomGenerator random) {
    return new Sound(0.42)
        .glide(
            time -> 500 * pitch * (1 + 0.8 * Oscillator.sine(time / 0.84)),
            time -> plateau(time, 0.02, 0.04, 0.42),
            1,
            0,
            0.4,
            0,
            0.2)
        .finish();
  }

  /** Tick and tock. */
  static float[] clock(double pitch, RandomGenerator random) {
    return new Sound(0.26)
        .ring(0, 1300 * pitch, 1, 0.012)
        .click(0, Biquad.bandPass(2600 * pitch, 1), 0.7, 0.004, random)
        .ring(0.16, 975 * pitch, 0.9, 0.012)
        .click(0.16, Biquad.bandPass(1950 * pitch, 1), 0.6, 0.004, random)
        .finish();
  }

  /** Two tones through a fast gate. */
  static float[] phone(double pitch, RandomGenerator random) {
    return new Sound(0.38)
        .glide(time -> 700 * pitch, Shapes.constant(1), 1, 0.2)
        .glide(time -> 882 * pitch, Shapes.constant(1), 1, 0.2)
        .shape(time -> Shapes.pulses(time, 22, 0.8))
        .finish();
  }

  /** A motor turning over, every second stroke stronger. */
  static float[] engine(double pitch, RandomGenerator random) {
    double[] saw = new double[18];
    for (int number = 1; number <= saw.length; number++) {
      saw[number - 1] = 1.0 / number;
    }
    return new Sound(0.4)
        .glide(time -> 55 * pitch, time -> 0.6 + 0.4 * Oscillator.sine(27.5 * pitch * time), saw)
        .noise(Biquad.lowPass(700 * pitch, 0.7), Biquad.highPass(80, 0.7), time -> 0.5, random)
        .shape(time -> plateau(time, 0.05, 0.1, 0.4))
        .finish();
  }

  /** A steam whistle's chord, hooting twice. */
  static float[] train(double pitch, RandomGenerator random) {
    Sound sound = new Sound(0.42);
    for (double interval : new double[] {1, 1.19, 1.5, 1.78}) {
      sound.glide(time -> 320 * pitch * interval, Shapes.constant(1), 1, 0.25, 0.1);
    }
    return sound
        .noise(Biquad.highPass(1800, 0.7), Biquad.lowPass(5000, 0.7), time -> 0.5, random)
        .shape(time -> plateau(time, 0.03, 0.05, 0.25) + plateau(time - 0.28, 0.02, 0.04, 0.14))
        .finish();
  }

  /** Steam, and a whistle that rises as the water boils. */
  static float[] kettle(double pitch, RandomGenerator random) {
    return new Sound(0.42)
        .glide(
            time -> 850 * pitch * Math.pow(2, time / 0.42),
            time -> (0.25 + 1.6 * time) * plateau(time, 0.06, 0.06, 0.42),
            1,
            0.3)
        .noise(
            Biquad.highPass(3000, 0.7),
            Biquad.lowPass(7000, 0.7),
            time -> 0.5 * plateau(time, 0.04, 0.06, 0.42),
            random)
        .finish();
  }

  /** Rotor blades slapping the air. */
  static float[] helicopter(double pitch, RandomGenerator random) {
    return new Sound(0.4)
        .glide(time -> 85 * pitch, time -> Math.exp(-(time % 0.055) / 0.014), 1, 0.5)
        .noise(
            Biquad.highPass(140 * pitch, 0.7),
            Biquad.lowPass(1100 * pitch, 0.7),
            time -> 1.8 * Math.exp(-(time % 0.055) / 0.012),
            random)
        .shape(time -> hann(time, 0.4))
        .finish();
  }

  /** A foghorn: a long low blast that ends in a grunt. */
  static float[] boat(double pitch, RandomGenerator random) {
    return new Sound(0.42)
        .glide(
            time -> pitch * (time < 0.28 ? 120 : 78),
            time -> plateau(time, 0.04, 0.05, 0.42),
            1,
            0.8,
            0.55,
            0.4,
            0.3,
            0.15)
        .finish();
  }
}
