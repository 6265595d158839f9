package io.sensorium.models.training;

import io.sensorium.models.preprocessing.KaldiFilterbank;
import io.sensorium.models.world.Acoustics;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.SoundSynthesizer;
import io.sensorium.models.world.Split;
import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/**
 * Synthesises scenes into the spectrograms that the audio tower reads: mel bins by frames.
 *
 * <p>One thread at a time.
 */
final class SceneClips implements SensedScenes {
  private static final double QUIETEST_GAIN = Math.exp(-1.2);
  private static final int LARGEST_SHIFT_SAMPLES = 960;
  private static final int MEASURED_CLIPS = 400;
  private static final long MEASURING_SEED = 0xA0D1_0001L;

  private final SoundSynthesizer synthesizer = new SoundSynthesizer();
  private final KaldiFilterbank filterbank;
  private final int frames;
  private final Statistics statistics;

  /**
   * Of all features of training clips, before padding.
   *
   * @param mean in natural logarithms of power
   * @param deviation the standard deviation
   */
  record Statistics(double mean, double deviation) {}

  /** For a tower whose rows are mel bins and whose columns are frames. */
  SceneClips(TowerShape shape, Statistics statistics) {
    filterbank = new KaldiFilterbank(SoundSynthesizer.SAMPLE_RATE, shape.rows());
    frames = shape.columns();
    this.statistics = statistics;
  }

  /** Measures what normalisation needs on clips of training scenes. */
  static Statistics measure(TowerShape shape) {
    var filterbank = new KaldiFilterbank(SoundSynthesizer.SAMPLE_RATE, shape.rows());
    var synthesizer = new SoundSynthesizer();
    var sampler = new SceneSampler(TrainDefaults.TWO_KIND_SHARE);
    RandomGenerator random = Seeds.generator(MEASURING_SEED);
    double sum = 0;
    double squares = 0;
    long count = 0;
    for (int clip = 0; clip < MEASURED_CLIPS; clip++) {
      Scene scene = sampler.sample(Split.TRAIN, random);
      float[] samples = synthesizer.render(scene, random, Acoustics.draw(random));
      for (float value : filterbank.logMel(samples)) {
        sum += value;
        squares += (double) value * value;
        count++;
      }
    }
    double mean = sum / count;
    return new Statistics(mean, Math.sqrt(squares / count - mean * mean));
  }

  @Override
  public void write(
      Scene scene, Condition condition, RandomGenerator random, float[] target, int offset) {
    switch (condition) {
      case CLEAR -> write(scene, Acoustics.CLEAR, random, target, offset);
      case NOISY -> write(scene, Acoustics.noisy(random.nextDouble(0, 10)), random, target, offset);
      case ANY -> write(scene, Acoustics.draw(random), random, target, offset);
      case TRAINING -> writeVaried(scene, random, target, offset);
    }
  }

  /** A clip as a file of 16 bits holds it. */
  private void write(
      Scene scene, Acoustics acoustics, RandomGenerator random, float[] target, int offset) {
    float[] samples = synthesizer.render(scene, random, acoustics);
    quantise(samples);
    features(samples, target, offset);
  }

  /** A clip varied in level and onset, in acoustics as training should hear them. */
  private void writeVaried(Scene scene, RandomGenerator random, float[] target, int offset) {
    float[] clip = synthesizer.render(scene, random, Acoustics.draw(random));
    int shift = random.nextInt(-LARGEST_SHIFT_SAMPLES, LARGEST_SHIFT_SAMPLES + 1);
    float gain = (float) Math.pow(QUIETEST_GAIN, random.nextDouble());
    var samples = new float[clip.length];
    for (int i = 0; i < clip.length; i++) {
      samples[Math.floorMod(i + shift, clip.length)] = gain * clip[i];
    }
    if (random.nextBoolean()) {
      quantise(samples);
    }
    features(samples, target, offset);
  }

  private static void quantise(float[] samples) {
    for (int i = 0; i < samples.length; i++) {
      samples[i] = Math.round(samples[i] * Short.MAX_VALUE) / (float) -Short.MIN_VALUE;
    }
  }

  /** The filterbank gives frames by bins; the tower's convolution reads bins by frames. */
  private void features(float[] samples, float[] target, int offset) {
    int bins = filterbank.melBins();
    FloatBuffer rows = FloatBuffer.allocate(bins * frames);
    filterbank.writeNormalized(samples, frames, statistics.mean(), statistics.deviation(), rows);
    for (int frame = 0; frame < frames; frame++) {
      for (int bin = 0; bin < bins; bin++) {
        target[offset + bin * frames + frame] = rows.get(frame * bins + bin);
      }
    }
  }
}
