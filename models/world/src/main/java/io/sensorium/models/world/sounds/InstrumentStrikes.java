package io.sensorium.models.world.sounds;

import static io.sensorium.models.world.sounds.Shapes.plateau;

import java.util.random.RandomGenerator;

/** Struck, plucked and blown instruments. */
final class InstrumentStrikes {

  private InstrumentStrikes() {}

  /** Inharmonic partials, the higher ones dying sooner. */
  static float[] bell(double pitch, RandomGenerator random) {
    double hertz = 440 * pitch;
    return new Sound(0.42)
        .ring(0, hertz, 1, 0.3)
        .ring(0, hertz * 2, 0.6, 0.25)
        .ring(0, hertz * 2.76, 0.5, 0.18)
        .ring(0, hertz * 5.4, 0.3, 0.1)
        .finish();
  }

  /** A membrane whose pitch drops as it slackens, and the stick's click. */
  static float[] drum(double pitch, RandomGenerator random) {
    return new Sound(0.38)
        .glide(
            time -> 90 * pitch * (1 + 0.7 * Math.exp(-time / 0.03)),
            time -> Math.exp(-time / 0.1),
            1)
        .click(0, Biquad.bandPass(1500, 0.5), 0.8, 0.008, random)
        .finish();
  }

  /** Brass: the higher harmonics enter later. */
  static float[] horn(double pitch, RandomGenerator random) {
    Sound sound = new Sound(0.4);
    double[] harmonics = new double[8];
    for (int number = 1; number <= 8; number++) {
      double entry = 0.012 * (number - 1);
      double[] alone = harmonics.clone();
      alone[number - 1] = Math.pow(number, -0.7);
      sound.glide(
          time -> 200 * pitch, time -> plateau(time - entry, 0.03, 0.08, 0.4 - entry), alone);
    }
    return sound.finish();
  }

  /** A plucked string. */
  static float[] guitar(double pitch, RandomGenerator random) {
    Sound sound = new Sound(0.42);
    for (int number = 1; number <= 10; number++) {
      sound.ring(0, 196 * pitch * number, 1.0 / number, 0.28 / Math.sqrt(number));
    }
    return sound.click(0, Biquad.highPass(2000, 0.7), 0.15, 0.004, random).finish();
  }

  /** Three quick rising notes of a major chord. */
  static float[] piano(double pitch, RandomGenerator random) {
    Sound sound = new Sound(0.42);
    double[] notes = {262, 330, 392};
    for (int note = 0; note < notes.length; note++) {
      double start = 0.1 * note;
      for (int number = 1; number <= 5; number++) {
        double stretched = number * Math.sqrt(1 + 0.0006 * number * number);
        sound.ring(
            start, notes[note] * pitch * stretched, Math.pow(number, -1.4), 0.16 / number + 0.05);
      }
      sound.click(start, Biquad.lowPass(900, 0.7), 0.5, 0.006, random);
    }
    return sound.finish();
  }

  /** A referee's whistle: the pea flutters. */
  static float[] whistle(double pitch, RandomGenerator random) {
    double hertz = 2300 * Math.sqrt(pitch);
    return new Sound(0.38)
        .glide(
            time -> hertz * (1 + 0.05 * Oscillator.sine(time * 36)),
            time -> plateau(time, 0.02, 0.05, 0.38) * (0.45 + 0.55 * Shapes.wobble(time, 36)),
            1,
            0.25)
        .noise(
            Biquad.bandPass(hertz, 2),
            Biquad.bandPass(hertz, 2),
            time -> 0.35 * plateau(time, 0.02, 0.05, 0.38),
            random)
        .finish();
  }
}
