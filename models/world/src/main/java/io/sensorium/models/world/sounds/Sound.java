package io.sensorium.models.world.sounds;

import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/** A buffer onto which tones and noises are layered. One thread at a time. */
final class Sound {

  private static final int FADE_IN_SAMPLES = 16;
  private static final int FADE_OUT_SAMPLES = 400;

  private final double[] samples;

  Sound(double seconds) {
    samples = new double[(int) Math.round(seconds * Strike.SAMPLE_RATE)];
  }

  double seconds() {
    return (double) samples.length / Strike.SAMPLE_RATE;
  }

  /** Adds a sine of fixed frequency from {@code start} on that decays to 1/e in {@code decay}. */
  Sound ring(double start, double hertz, double level, double decaySeconds) {
    if (hertz >= Strike.SAMPLE_RATE / 2.0) {
      return this;
    }
    double keep = Math.exp(-1 / (decaySeconds * Strike.SAMPLE_RATE));
    double step = hertz / Strike.SAMPLE_RATE;
    double amplitude = level;
    double turns = 0;
    for (int index = indexOf(start); index < samples.length; index++) {
      samples[index] += amplitude * Oscillator.sine(turns);
      amplitude *= keep;
      turns += step;
    }
    return this;
  }

  /** Adds a decaying burst of noise shaped by {@code filter}. */
  Sound click(
      double start, Biquad filter, double level, double decaySeconds, RandomGenerator random) {
    double keep = Math.exp(-1 / (decaySeconds * Strike.SAMPLE_RATE));
    double amplitude = level;
    for (int index = indexOf(start); index < samples.length && amplitude > 1e-4; index++) {
      samples[index] += amplitude * filter.filter(white(random));
      amplitude *= keep;
    }
    return this;
  }

  /** Adds noise through both filters, its level a function of the time in seconds. */
  Sound noise(Biquad lower, Biquad upper, DoubleUnaryOperator level, RandomGenerator random) {
    for (int index = 0; index < samples.length; index++) {
      double band = upper.filter(lower.filter(white(random)));
      samples[index] += band * level.applyAsDouble(time(index));
    }
    return this;
  }

  /**
   * Adds harmonics of a gliding fundamental.
   *
   * @param hertz the fundamental over time
   * @param level the common level over time
   * @param harmonics the level of each harmonic, the first being the fundamental's
   */
  Sound glide(DoubleUnaryOperator hertz, DoubleUnaryOperator level, double... harmonics) {
    double turns = 0;
    for (int index = 0; index < samples.length; index++) {
      double time = time(index);
      double fundamental = hertz.applyAsDouble(time);
      double sum = 0;
      for (int number = 1; number <= harmonics.length; number++) {
        if (harmonics[number - 1] != 0 && fundamental * number < Strike.SAMPLE_RATE / 2.0) {
          sum += harmonics[number - 1] * Oscillator.sine(turns * number);
        }
      }
      samples[index] += sum * level.applyAsDouble(time);
      turns += fundamental / Strike.SAMPLE_RATE;
    }
    return this;
  }

  /** Multiplies everything so far by a function of the time in seconds. */
  Sound shape(DoubleUnaryOperator factor) {
    for (int index = 0; index < samples.length; index++) {
      samples[index] *= factor.applyAsDouble(time(index));
    }
    return this;
  }

  /** Passes everything so far through a filter. */
  Sound through(Biquad filter) {
    for (int index = 0; index < samples.length; index++) {
      samples[index] = filter.filter(samples[index]);
    }
    return this;
  }

  /** The samples, faded at both ends and scaled to a peak of 1. */
  float[] finish() {
    int last = samples.length - 1;
    double peak = 1e-9;
    for (int index = 0; index <= last; index++) {
      samples[index] *=
          Math.min(
              1,
              Math.min(
                  index / (double) FADE_IN_SAMPLES, (last - index) / (double) FADE_OUT_SAMPLES));
      peak = Math.max(peak, Math.abs(samples[index]));
    }
    float[] result = new float[samples.length];
    for (int index = 0; index <= last; index++) {
      result[index] = (float) (samples[index] / peak);
    }
    return result;
  }

  private static int indexOf(double seconds) {
    return (int) Math.round(seconds * Strike.SAMPLE_RATE);
  }

  private static double time(int index) {
    return (double) index / Strike.SAMPLE_RATE;
  }

  private static double white(RandomGenerator random) {
    return 2 * random.nextDouble() - 1;
  }
}
