package io.sensorium.models.preprocessing;

/**
 * Changes the sample rate of a sound by a windowed sinc, for any pair of integer rates.
 *
 * <p>By default under Kaiser's window. With {@code N} the lower of the two Nyquist frequencies: the
 * pass band reaches to {@value #PASS_BAND} N with a ripple below 0.01 dB; from N on, aliases and
 * images are at least 80 dB down. The phase is zero: a sample keeps its time. Outside of the sound
 * there is silence. The same input gives the same bits on every machine.
 *
 * <p>Polyphase after J. O. Smith, "Digital Audio Resampling"; the window's shape after J. F.
 * Kaiser. Immutable and thread-safe; the cost is about 128 products per sample at the higher rate.
 */
public final class AudioResampler {
  /** The end of the pass band relative to the lower Nyquist frequency. */
  public static final double PASS_BAND = 0.9;

  /** Above this many coefficients a phase is computed when it is used, instead of kept. */
  private static final long MOST_KEPT_COEFFICIENTS = 1 << 20;

  private final int interpolation;
  private final int decimation;
  private final LowPassKernel kernel;
  private final double bandwidth;
  private final int halfTaps;
  private final float[][] phases;

  /**
   * Prepares a pair of rates.
   *
   * @param sourceRate in hertz, positive
   * @param targetRate in hertz, positive
   */
  public AudioResampler(int sourceRate, int targetRate) {
    this(sourceRate, targetRate, new SincKernel());
  }

  private AudioResampler(int sourceRate, int targetRate, LowPassKernel kernel) {
    if (sourceRate < 1 || targetRate < 1) {
      throw new IllegalArgumentException(
          "rates must be positive; got %d Hz and %d Hz".formatted(sourceRate, targetRate));
    }
    int divisor = greatestCommonDivisor(sourceRate, targetRate);
    interpolation = targetRate / divisor;
    decimation = sourceRate / divisor;
    bandwidth = Math.min(1, (double) targetRate / sourceRate);
    this.kernel = kernel;
    halfTaps = (int) Math.ceil(kernel.reach() / bandwidth);
    boolean keeps = 2L * halfTaps * interpolation <= MOST_KEPT_COEFFICIENTS;
    phases = new float[keeps ? interpolation : 0][2 * halfTaps];
    for (int phase = 0; phase < phases.length; phase++) {
      fill(phases[phase], phase);
    }
  }

  /**
   * Resamples as torchaudio's {@code functional.resample} does by default: a short sinc under
   * Hann's window, whose pass band reaches 0.99 of the lower Nyquist frequency and whose gain is
   * not quite 1. For models that were trained on it; it aliases more than {@link #AudioResampler}.
   */
  public static AudioResampler torchaudio(int sourceRate, int targetRate) {
    return new AudioResampler(sourceRate, targetRate, new HannSincKernel());
  }

  /**
   * Averages the channels of every frame.
   *
   * @param interleaved frames times channels
   * @throws IllegalArgumentException if there are no whole frames
   */
  public static float[] toMono(float[] interleaved, int channels) {
    if (channels < 1 || interleaved.length % channels != 0) {
      throw new IllegalArgumentException(
          "%d samples are no whole frames of %d channels".formatted(interleaved.length, channels));
    }
    if (channels == 1) {
      return interleaved;
    }
    float[] mono = new float[interleaved.length / channels];
    for (int frame = 0, read = 0; frame < mono.length; frame++) {
      float sum = 0;
      for (int channel = 0; channel < channels; channel++) {
        sum += interleaved[read++];
      }
      mono[frame] = sum / channels;
    }
    return mono;
  }

  /**
   * Resamples one channel.
   *
   * @param source borrowed
   * @return {@code ceil(source.length * targetRate / sourceRate)} samples; the same array if the
   *     rates are equal
   * @throws IllegalArgumentException if the result cannot be held in an array
   */
  public float[] resample(float[] source) {
    if (interpolation == decimation) {
      return source;
    }
    long length = Math.ceilDiv((long) source.length * interpolation, (long) decimation);
    if (length > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException("the result would have %d samples".formatted(length));
    }
    float[] target = new float[(int) length];
    float[] computed = phases.length == 0 ? new float[2 * halfTaps] : null;
    for (int i = 0; i < target.length; i++) {
      long position = (long) i * decimation;
      int phase = (int) (position % interpolation);
      float[] taps;
      if (computed == null) {
        taps = phases[phase];
      } else {
        fill(computed, phase);
        taps = computed;
      }
      target[i] = sum(source, (int) (position / interpolation) - halfTaps + 1, taps);
    }
    return target;
  }

  private static float sum(float[] source, int start, float[] taps) {
    int first = Math.max(0, -start);
    int end = Math.min(taps.length, source.length - start);
    // Four sums, so that an addition need not wait for the one before.
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int tap = first;
    for (; tap + 3 < end; tap += 4) {
      sum0 += source[start + tap] * taps[tap];
      sum1 += source[start + tap + 1] * taps[tap + 1];
      sum2 += source[start + tap + 2] * taps[tap + 2];
      sum3 += source[start + tap + 3] * taps[tap + 3];
    }
    for (; tap < end; tap++) {
      sum0 += source[start + tap] * taps[tap];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  /** The taps of a phase. */
  private void fill(float[] taps, int phase) {
    double fraction = (double) phase / interpolation;
    double sum = 0;
    for (int tap = 0; tap < taps.length; tap++) {
      double value = kernel.at((tap - halfTaps + 1 - fraction) * bandwidth);
      taps[tap] = (float) value;
      sum += value;
    }
    float scale = (float) (kernel.keepsConstants() ? 1 / sum : bandwidth);
    for (int tap = 0; tap < taps.length; tap++) {
      taps[tap] *= scale;
    }
  }

  private static int greatestCommonDivisor(int first, int second) {
    int a = first;
    int b = second;
    while (b != 0) {
      int remainder = a % b;
      a = b;
      b = remainder;
    }
    return a;
  }
}
