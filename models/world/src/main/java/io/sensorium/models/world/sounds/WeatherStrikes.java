package io.sensorium.models.world.sounds;

import static io.sensorium.models.world.sounds.Shapes.hann;
import static io.sensorium.models.world.sounds.Shapes.plateau;

import java.util.random.RandomGenerator;

/** Water and air. */
final class WeatherStrikes {

  private WeatherStrikes() {}

  /** A shower of drops over a hiss. */
  static float[] rain(double pitch, RandomGenerator random) {
    Sound sound = new Sound(0.4);
    for (int drop = 0; drop < 26; drop++) {
      double start = 0.02 + 0.34 * random.nextDouble();
      double hertz = pitch * (1300 + 2200 * random.nextDouble());
      sound.click(start, Biquad.bandPass(hertz, 3), 1.5 + random.nextDouble(), 0.004, random);
    }
    return sound
        .noise(
            Biquad.highPass(1200 * pitch, 0.7),
            Biquad.lowPass(4000 * pitch, 0.7),
            time -> 0.18,
            random)
        .shape(time -> plateau(time, 0.04, 0.08, 0.4))
        .finish();
  }

  /** A gust: narrow noise that swells and flutters. */
  static float[] wind(double pitch, RandomGenerator random) {
    return new Sound(0.42)
        .noise(
            Biquad.highPass(250 * pitch, 1.2),
            Biquad.lowPass(600 * pitch, 1.2),
            time -> hann(time, 0.42) * (0.6 + 0.4 * Shapes.wobble(time, 5)),
            random)
        .finish();
  }

  /** A breaker: broad noise that rises slowly and falls at once. */
  static float[] wave(double pitch, RandomGenerator random) {
    return new Sound(0.36)
        .noise(
            Biquad.highPass(60, 0.7),
            Biquad.lowPass(2200 * pitch, 0.7),
            time -> time < 0.22 ? Math.pow(time / 0.22, 1.5) : Math.exp(-(time - 0.22) / 0.07),
            random)
        .finish();
  }
}
