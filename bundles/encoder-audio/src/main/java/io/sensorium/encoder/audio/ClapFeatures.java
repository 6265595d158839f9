package io.sensorium.encoder.audio;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.preprocessing.SlaneySpectrogram;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The features of a {@code ClapFeatureExtractor} without fusion (Wu et al., arXiv:2211.06687):
 * mono, resampled, made as long as the model listens, log-mel in decibels. Thread-safe.
 *
 * <p>Of a longer clip the reference takes a random cut; here it is always the beginning.
 */
final class ClapFeatures implements AudioFeatures {
  private static final float DECIBELS = 10;
  private static final int MAX_SAMPLES = 1 << 24;

  /** How a clip that is too short is made longer. */
  private enum Padding {
    /** As often as it fits wholly, then silence. */
    REPEATPAD,
    /** Over and over, the last time in part. */
    REPEAT,
    /** With silence. */
    PAD;

    static Padding named(String name) {
      return switch (name) {
        case "repeatpad" -> REPEATPAD;
        case "repeat" -> REPEAT;
        case "pad" -> PAD;
        default ->
            throw new ModelLoadException(
                "padding must be one of [pad, repeat, repeatpad]; got '%s'".formatted(name));
      };
    }
  }

  private final MonoSignals signals;
  private final int samples;
  private final int frames;
  private final Padding padding;
  private final SlaneySpectrogram spectrogram;

  private ClapFeatures(
      int sampleRate, int samples, int hop, Padding padding, SlaneySpectrogram spectrogram) {
    this.signals = new MonoSignals(sampleRate, (double) samples / sampleRate);
    this.samples = samples;
    this.frames = 1 + samples / hop;
    this.padding = padding;
    this.spectrogram = spectrogram;
  }

  static ClapFeatures declaredBy(Settings settings) {
    String truncation = settings.text("truncation", "fusion");
    if (!truncation.equals("rand_trunc")) {
      throw new ModelLoadException(
          "truncation must be 'rand_trunc', of a model without fusion; got '%s'"
              .formatted(truncation));
    }
    int rate = FeatureExtractors.count(settings, "sampling_rate", 48_000, MAX_SAMPLES);
    int seconds = FeatureExtractors.count(settings, "max_length_s", 10, MAX_SAMPLES / rate);
    int samples = seconds * rate;
    int hop = FeatureExtractors.count(settings, "hop_length", 480, samples);
    SlaneySpectrogram spectrogram =
        new SlaneySpectrogram(
            rate,
            new SlaneySpectrogram.Framing(
                FeatureExtractors.count(settings, "fft_window_size", 1_024, samples), hop),
            FeatureExtractors.count(settings, "feature_size", 64, 4_096),
            settings.decimal("frequency_min", 0),
            settings.decimal("frequency_max", 14_000));
    return new ClapFeatures(
        rate, samples, hop, Padding.named(settings.text("padding", "repeatpad")), spectrogram);
  }

  @Override
  public Shape shape() {
    return Shape.of(1, 1, frames, spectrogram.melBins());
  }

  @Override
  public Tensor of(AudioClip clip) {
    float[] logarithms = spectrogram.log10(fitted(signals.of(clip)), samples, frames);
    Tensor tensor = Tensor.allocate(ElementType.FLOAT32, shape());
    FloatBuffer values = tensor.asFloats();
    for (float logarithm : logarithms) {
      values.put(DECIBELS * logarithm);
    }
    return tensor;
  }

  /** Cut, or repeated; the silence that is still missing is understood. */
  private float[] fitted(float[] signal) {
    int length =
        switch (padding) {
          case PAD -> Math.min(signal.length, samples);
          case REPEATPAD -> Math.max(samples / signal.length, 1) * signal.length;
          case REPEAT -> samples;
        };
    float[] fitted = Arrays.copyOf(signal, Math.min(length, samples));
    for (int i = signal.length; i < fitted.length; i++) {
      fitted[i] = fitted[i - signal.length];
    }
    return fitted;
  }
}
