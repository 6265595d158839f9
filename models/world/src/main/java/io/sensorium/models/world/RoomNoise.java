package io.sensorium.models.world;

import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/** The room around the strikes: a faint hiss, or noise at a given ratio to the signal. */
final class RoomNoise {

  private static final double QUIETEST_HISS = 1e-4;
  private static final double LOUDEST_HISS = 1e-2;

  private RoomNoise() {}

  /**
   * Adds noise to the whole clip; its level refers to the signal's power within {@code start..end}.
   */
  static void add(
      float[] clip, int start, int end, OptionalDouble decibels, RandomGenerator random) {
    if (decibels.isEmpty()) {
      double octaves = Math.log(LOUDEST_HISS / QUIETEST_HISS);
      double level = QUIETEST_HISS * Math.exp(random.nextDouble() * octaves);
      for (int index = 0; index < clip.length; index++) {
        clip[index] += (float) (level * white(random));
      }
      return;
    }
    float[] noise = mixture(clip.length, random);
    double wanted = power(clip, start, end) / Math.pow(10, decibels.getAsDouble() / 10);
    double factor = Math.sqrt(wanted / power(noise, 0, noise.length));
    for (int index = 0; index < clip.length; index++) {
      clip[index] += (float) (factor * noise[index]);
    }
  }

  /**
   * White noise, pink noise (P. Kellet's three-pole filter) and mains hum in random proportions.
   */
  private static float[] mixture(int length, RandomGenerator random) {
    double whiteLevel = random.nextDouble();
    double pinkLevel = 0.05 + random.nextDouble();
    double humLevel = random.nextInt(3) == 0 ? random.nextDouble() : 0;
    double humStep = 2 * Math.PI * (random.nextBoolean() ? 50 : 60) / SoundSynthesizer.SAMPLE_RATE;
    double slow = 0;
    double middle = 0;
    double fast = 0;
    float[] noise = new float[length];
    for (int index = 0; index < length; index++) {
      double white = white(random);
      slow = 0.99765 * slow + white * 0.0990460;
      middle = 0.96300 * middle + white * 0.2965164;
      fast = 0.57000 * fast + white * 1.0526913;
      double value =
          whiteLevel * white(random) + 0.35 * pinkLevel * (slow + middle + fast + 0.1848 * white);
      if (humLevel > 0) {
        value += humLevel * (Math.sin(humStep * index) + 0.5 * Math.sin(3 * humStep * index));
      }
      noise[index] = (float) value;
    }
    return noise;
  }

  private static double power(float[] samples, int start, int end) {
    double sum = 0;
    for (int index = start; index < end; index++) {
      sum += (double) samples[index] * samples[index];
    }
    return sum / Math.max(1, end - start);
  }

  private static double white(RandomGenerator random) {
    return 2 * random.nextDouble() - 1;
  }
}
