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
import java.util.List;

/**
 * The features of a {@code WhisperFeatureExtractor} (Radford et al., arXiv:2212.04356): mono,
 * resampled, cut or padded with silence to the chunk, decimal log-mel without the last frame, at
 * most 8 below the loudest value, {@code (x + 4) / 4}. Thread-safe.
 */
final class WhisperFeatures implements AudioFeatures {
  /** Whatever the sample rate is. */
  private static final double HIGHEST_HERTZ = 8_000;

  private static final float RANGE = 8;
  private static final int MAX_SAMPLES = 1 << 24;

  private final MonoSignals signals;
  private final int samples;
  private final int frames;
  private final SlaneySpectrogram spectrogram;

  private WhisperFeatures(
      int sampleRate, int samples, SlaneySpectrogram.Framing framing, int melBins) {
    this.signals = new MonoSignals(sampleRate, (double) samples / sampleRate);
    this.samples = samples;
    this.frames = samples / framing.hop();
    this.spectrogram = new SlaneySpectrogram(sampleRate, framing, melBins, 0, HIGHEST_HERTZ);
  }

  static WhisperFeatures declaredBy(Settings settings) {
    for (String key : List.of("dither", "padding_value")) {
      if (settings.decimal(key, 0) != 0) {
        throw new ModelLoadException("%s must be 0; got %s".formatted(key, settings.decimal(key)));
      }
    }
    int rate = FeatureExtractors.count(settings, "sampling_rate", 16_000, MAX_SAMPLES);
    int seconds = FeatureExtractors.count(settings, "chunk_length", 30, MAX_SAMPLES / rate);
    int samples = seconds * rate;
    SlaneySpectrogram.Framing framing =
        new SlaneySpectrogram.Framing(
            FeatureExtractors.count(settings, "n_fft", 400, samples),
            FeatureExtractors.count(settings, "hop_length", 160, samples));
    return new WhisperFeatures(
        rate, samples, framing, FeatureExtractors.count(settings, "feature_size", 80, 4_096));
  }

  @Override
  public Shape shape() {
    return Shape.of(1, spectrogram.melBins(), frames);
  }

  @Override
  public Tensor of(AudioClip clip) {
    float[] signal = signals.of(clip);
    float[] cut = signal.length > samples ? Arrays.copyOf(signal, samples) : signal;
    float[] logarithms = spectrogram.log10(cut, samples, frames);
    float loudest = Float.NEGATIVE_INFINITY;
    for (float logarithm : logarithms) {
      loudest = Math.max(loudest, logarithm);
    }
    float floor = loudest - RANGE;
    Tensor tensor = Tensor.allocate(ElementType.FLOAT32, shape());
    FloatBuffer values = tensor.asFloats();
    int bins = spectrogram.melBins();
    for (int bin = 0; bin < bins; bin++) {
      for (int frame = 0; frame < frames; frame++) {
        values.put((Math.max(logarithms[frame * bins + bin], floor) + 4) / 4);
      }
    }
    return tensor;
  }
}
