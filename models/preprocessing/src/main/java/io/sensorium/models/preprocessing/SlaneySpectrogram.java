package io.sensorium.models.preprocessing;

import java.util.Arrays;

/**
 * Log-mel spectra as librosa's {@code melspectrogram} and Whisper's and CLAP's feature extractors
 * compute them: frames centred on every {@code hop}-th sample of the signal, which is reflected at
 * its ends, weighted by a periodic Hann window; power spectrum; triangles of area 1 on Slaney's mel
 * scale; decimal logarithm of at least 1e-10.
 *
 * <p>Computed in float64, returned in float32. Immutable and thread-safe.
 */
public final class SlaneySpectrogram {
  private static final double SMALLEST_POWER = 1e-10;
  private static final float SMALLEST_LOGARITHM = -10;

  private final int hop;
  private final double[] window;
  private final RealTransform transform;
  private final MelTriangles triangles;

  /**
   * How a signal is cut.
   *
   * @param window samples a frame, even, at least 4
   * @param hop samples from one frame to the next, at least 1
   */
  public record Framing(int window, int hop) {
    public Framing {
      if (hop < 1 || window < 4 || window % 2 != 0) {
        throw new IllegalArgumentException(
            "frames need a positive hop and an even window of at least 4; got %d and %d"
                .formatted(hop, window));
      }
    }
  }

  /**
   * @param sampleRateHertz of the signals
   * @param framing how they are cut
   * @param melBins the number of triangles
   * @param lowestHertz where the first triangle begins
   * @param highestHertz where the last one ends
   */
  public SlaneySpectrogram(
      int sampleRateHertz, Framing framing, int melBins, double lowestHertz, double highestHertz) {
    if (sampleRateHertz < 1 || melBins < 1) {
      throw new IllegalArgumentException(
          "rate and mel bins must be positive; got %d Hz and %d"
              .formatted(sampleRateHertz, melBins));
    }
    if (!(lowestHertz >= 0 && lowestHertz < highestHertz)) {
      throw new IllegalArgumentException(
          "frequencies must satisfy 0 <= lowest < highest; got %s and %s Hz"
              .formatted(lowestHertz, highestHertz));
    }
    hop = framing.hop;
    window = new double[framing.window];
    for (int i = 0; i < window.length; i++) {
      window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / window.length);
    }
    transform = new RealTransform(window.length);
    double[] frequencies = new double[window.length / 2 + 1];
    // The references halve an odd rate downwards.
    double highest = Math.floorDiv(sampleRateHertz, 2);
    for (int k = 0; k < frequencies.length; k++) {
      frequencies[k] = 2 * highest * k / window.length;
    }
    triangles = MelTriangles.slaney(frequencies, melBins, lowestHertz, highestHertz);
  }

  /** Values per frame. */
  public int melBins() {
    return triangles.bins();
  }

  /**
   * The first frames of a mono signal that is silent after its samples.
   *
   * @param samples borrowed
   * @param length of the signal, at least that of the samples; more than half a window
   * @param frames at most {@code 1 + length / hop}
   * @return {@code frames x melBins} decimal logarithms of power, row-major, owned by the caller
   */
  public float[] log10(float[] samples, int length, int frames) {
    double[] signal = reflected(samples, length);
    int sounding = signal.length;
    while (sounding > 0 && signal[sounding - 1] == 0) {
      sounding--;
    }
    var logarithms = new float[Math.multiplyExact(frames, melBins())];
    var values = new double[window.length];
    var scratch = new double[window.length];
    var power = new double[window.length / 2 + 1];
    int audible = Math.min(frames, Math.ceilDiv(sounding, hop));
    for (int frame = 0; frame < audible; frame++) {
      int start = frame * hop;
      for (int i = 0; i < window.length; i++) {
        values[i] = signal[start + i] * window[i];
      }
      transform.power(values, scratch, power);
      for (int bin = 0; bin < melBins(); bin++) {
        double sum = triangles.sum(power, bin);
        logarithms[frame * melBins() + bin] = (float) Math.log10(Math.max(sum, SMALLEST_POWER));
      }
    }
    Arrays.fill(logarithms, audible * melBins(), logarithms.length, SMALLEST_LOGARITHM);
    return logarithms;
  }

  /** The signal with half a window of its mirror image at both ends. */
  private double[] reflected(float[] samples, int length) {
    int half = window.length / 2;
    if (length <= half || samples.length > length) {
      throw new IllegalArgumentException(
          "a signal needs more than %d samples; got %d of %d"
              .formatted(half, samples.length, length));
    }
    var signal = new double[length + 2 * half];
    for (int i = 0; i < samples.length; i++) {
      signal[half + i] = samples[i];
    }
    for (int i = 1; i <= half; i++) {
      signal[half - i] = signal[half + i];
      signal[half + length - 1 + i] = signal[half + length - 1 - i];
    }
    return signal;
  }
}
