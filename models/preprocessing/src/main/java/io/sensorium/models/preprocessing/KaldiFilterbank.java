package io.sensorium.models.preprocessing;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Log-mel features as Kaldi computes them, and as torchaudio's {@code compliance.kaldi.fbank} does
 * with {@code htk_compat=True, use_energy=False, window_type="hanning", dither=0} and its other
 * defaults: frames of 25 ms every 10 ms that lie wholly within the signal, each freed of its mean,
 * pre-emphasised by 0.97, weighted by a symmetric Hann window, padded to a power of two; power
 * spectrum, triangles on the mel scale {@code 1127 ln(1 + f / 700)}, natural logarithm of at least
 * 2^-23. Samples lie within -1..1 and are not scaled. This is what audio spectrogram transformers
 * read.
 *
 * <p>Computed in float64, returned in float32. Immutable and thread-safe.
 */
public final class KaldiFilterbank {
  /** The frequency at which torchaudio's lowest triangle begins. */
  public static final double DEFAULT_LOWEST_HERTZ = 20;

  private static final double FRAME_SECONDS = 0.025;
  private static final double SHIFT_SECONDS = 0.010;
  private static final double PRE_EMPHASIS = 0.97;
  private static final double SMALLEST_POWER = 0x1p-23;

  private final int melBins;
  private final int frameSamples;
  private final int shiftSamples;
  private final int transformLength;
  private final double[] window;
  private final RealTransform transform;
  private final MelTriangles triangles;

  /** Features over 20 Hz up to half the sample rate. */
  public KaldiFilterbank(int sampleRateHertz, int melBins) {
    this(sampleRateHertz, melBins, DEFAULT_LOWEST_HERTZ, sampleRateHertz / 2.0);
  }

  /**
   * @param sampleRateHertz of the signals, at least 1,000
   * @param melBins the number of triangles, at least 4
   * @param lowestHertz where the first triangle begins, at least 0
   * @param highestHertz where the last one ends, at most half the sample rate
   */
  public KaldiFilterbank(
      int sampleRateHertz, int melBins, double lowestHertz, double highestHertz) {
    if (sampleRateHertz < 1000 || melBins < 4) {
      throw new IllegalArgumentException(
          "a filterbank needs at least 1000 Hz and 4 mel bins; got %d Hz and %d bins"
              .formatted(sampleRateHertz, melBins));
    }
    if (!(lowestHertz >= 0
        && lowestHertz < highestHertz
        && highestHertz <= sampleRateHertz / 2.0)) {
      throw new IllegalArgumentException(
          "frequencies must satisfy 0 <= lowest < highest <= %s Hz; got %s and %s"
              .formatted(sampleRateHertz / 2.0, lowestHertz, highestHertz));
    }
    this.melBins = melBins;
    frameSamples = (int) (sampleRateHertz * FRAME_SECONDS);
    shiftSamples = (int) (sampleRateHertz * SHIFT_SECONDS);
    transformLength = Math.max(4, Integer.highestOneBit(2 * frameSamples - 1));
    window = new double[frameSamples];
    for (int i = 0; i < frameSamples; i++) {
      window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / (frameSamples - 1));
    }
    transform = new RealTransform(transformLength);
    double[] frequencies = new double[transformLength / 2 + 1];
    for (int k = 0; k < frequencies.length; k++) {
      frequencies[k] = k * (sampleRateHertz / (double) transformLength);
    }
    triangles = MelTriangles.kaldi(frequencies, melBins, lowestHertz, highestHertz);
  }

  /** Values per frame. */
  public int melBins() {
    return melBins;
  }

  /** How many whole frames a signal has; none where it is shorter than one. */
  public int frames(int sampleCount) {
    return sampleCount < frameSamples ? 0 : 1 + (sampleCount - frameSamples) / shiftSamples;
  }

  /**
   * The features of a mono signal.
   *
   * @return {@code frames x melBins} natural logarithms, row-major, owned by the caller
   */
  public float[] logMel(float[] samples) {
    Objects.requireNonNull(samples, "samples");
    return logMel(samples, frames(samples.length));
  }

  private float[] logMel(float[] samples, int frames) {
    var features = new float[Math.multiplyExact(frames, melBins)];
    var signal = new double[transformLength];
    var scratch = new double[transformLength];
    var power = new double[transformLength / 2 + 1];
    for (int frame = 0; frame < frames; frame++) {
      prepare(samples, frame * shiftSamples, signal);
      transform.power(signal, scratch, power);
      for (int bin = 0; bin < melBins; bin++) {
        double sum = triangles.sum(power, bin);
        features[frame * melBins + bin] = (float) Math.log(Math.max(sum, SMALLEST_POWER));
      }
    }
    return features;
  }

  /**
   * Writes features as an audio spectrogram transformer reads them: cut or zero-padded to {@code
   * frames}, then {@code (x - mean) / (2 * standardDeviation)}.
   *
   * @param samples a mono signal, borrowed
   * @param target receives {@code frames * melBins} values from its position on, which advances
   */
  public void writeNormalized(
      float[] samples, int frames, double mean, double standardDeviation, FloatBuffer target) {
    if (frames < 1 || !(standardDeviation > 0)) {
      throw new IllegalArgumentException(
          "normalising needs at least 1 frame and a positive deviation; got %d and %s"
              .formatted(frames, standardDeviation));
    }
    int wanted = Math.multiplyExact(frames, melBins);
    if (target.remaining() < wanted) {
      throw new IllegalArgumentException(
          "the target needs room for %d values; got %d".formatted(wanted, target.remaining()));
    }
    float[] features = logMel(samples, Math.min(frames, frames(samples.length)));
    double factor = 1 / (2 * standardDeviation);
    for (float feature : features) {
      target.put((float) ((feature - mean) * factor));
    }
    float padding = (float) (-mean * factor);
    for (int i = features.length; i < wanted; i++) {
      target.put(padding);
    }
  }

  private void prepare(float[] samples, int start, double[] signal) {
    double mean = 0;
    for (int i = 0; i < frameSamples; i++) {
      mean += samples[start + i];
    }
    mean /= frameSamples;
    double previous = samples[start] - mean;
    for (int i = 0; i < frameSamples; i++) {
      double current = samples[start + i] - mean;
      signal[i] = (current - PRE_EMPHASIS * previous) * window[i];
      previous = current;
    }
    Arrays.fill(signal, frameSamples, transformLength, 0);
  }
}
