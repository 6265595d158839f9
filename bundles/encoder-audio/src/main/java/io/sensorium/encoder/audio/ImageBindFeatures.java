package io.sensorium.encoder.audio;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.preprocessing.AudioResampler;
import io.sensorium.models.preprocessing.KaldiFilterbank;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * What ImageBind hears of a sound (Girdhar et al., arXiv:2305.05665): short clips spread evenly
 * from its beginning to its end, of each Kaldi's log-mel with the bins as rows, cut or zero-padded
 * to a number of frames, normalised. Thread-safe.
 *
 * <p>Declared as {@code feature_extractor_type: ImageBindAudio}, with the names that the
 * reference's {@code load_and_transform_audio_data} gives its arguments: {@code sample_rate},
 * {@code num_mel_bins}, {@code target_length} in frames, {@code clip_duration} in seconds, {@code
 * clips_per_video}, {@code mean} and {@code std}. Like the reference, which hands all channels to
 * Kaldi, it hears the first channel only, and it resamples as torchaudio does.
 */
final class ImageBindFeatures implements AudioFeatures {
  private static final int MAX_RATE = 1 << 20;
  private static final int MAX_CLIPS = 64;
  private static final int MAX_FRAMES = 65_536;
  private static final int MAX_SECONDS = 600;

  private final MonoSignals signals;
  private final int sampleRate;
  private final int clips;
  private final int clipSeconds;
  private final int frames;
  private final double mean;
  private final double deviation;
  private final KaldiFilterbank filterbank;

  private ImageBindFeatures(Settings settings) {
    this.sampleRate = FeatureExtractors.count(settings, "sample_rate", 16_000, MAX_RATE);
    this.filterbank = new KaldiFilterbank(sampleRate, settings.integer("num_mel_bins", 128));
    this.signals =
        new MonoSignals(
            sampleRate,
            Double.POSITIVE_INFINITY,
            rate -> AudioResampler.torchaudio(rate, sampleRate));
    this.clips = FeatureExtractors.count(settings, "clips_per_video", 3, MAX_CLIPS);
    this.clipSeconds = FeatureExtractors.count(settings, "clip_duration", 2, MAX_SECONDS);
    this.frames = FeatureExtractors.count(settings, "target_length", 204, MAX_FRAMES);
    this.mean = settings.decimal("mean", -4.268);
    this.deviation = settings.decimal("std", 9.138);
    if (!(deviation > 0)) {
      throw new ModelLoadException("std must be positive; got " + deviation);
    }
  }

  static ImageBindFeatures declaredBy(Settings settings) {
    return new ImageBindFeatures(settings);
  }

  @Override
  public Shape shape() {
    return Shape.of(1, clips, 1, filterbank.melBins(), frames);
  }

  @Override
  public Tensor of(AudioClip clip) {
    float[] signal = signals.firstChannel(clip);
    Tensor tensor = Tensor.allocate(ElementType.FLOAT32, shape());
    FloatBuffer values = tensor.asFloats();
    for (int i = 0; i < clips; i++) {
      write(cut(signal, i), values);
    }
    return tensor;
  }

  /** The reference reckons with fractions, from the duration's float64 value on. */
  private float[] cut(float[] signal, int clip) {
    double duration = (double) signal.length / sampleRate;
    int start =
        new BigDecimal(Math.max(duration - clipSeconds, 0))
            .multiply(BigDecimal.valueOf((long) clip * sampleRate))
            .divide(BigDecimal.valueOf(Math.max(clips - 1, 1)), 0, RoundingMode.FLOOR)
            .intValueExact();
    return Arrays.copyOfRange(
        signal, start, Math.min(start + clipSeconds * sampleRate, signal.length));
  }

  private void write(float[] samples, FloatBuffer values) {
    float[] features = filterbank.logMel(samples);
    int bins = filterbank.melBins();
    int heard = features.length / bins;
    for (int bin = 0; bin < bins; bin++) {
      for (int frame = 0; frame < frames; frame++) {
        float feature = frame < heard ? features[frame * bins + bin] : 0;
        values.put((float) ((feature - mean) / deviation));
      }
    }
  }
}
