package io.sensorium.encoder.audio;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.preprocessing.KaldiFilterbank;

/**
 * The features of an {@code ASTFeatureExtractor}: mono, resampled, log-mel, cut or padded to the
 * model's frames, normalised. Thread-safe.
 *
 * <p>Follows Gong et al. 2021 (AST) and Hugging Face transformers' extractor, absent keys included:
 * 16 kHz, 128 mel bins, 1,024 frames, AudioSet's mean and deviation.
 */
final class AstFeatures implements AudioFeatures {
  private static final int MAX_FRAMES = 65_536;
  private static final double WINDOW_SECONDS = 0.025;
  private static final double SHIFT_SECONDS = 0.010;

  private final MonoSignals signals;
  private final int frames;
  private final double mean;
  private final double deviation;
  private final KaldiFilterbank filterbank;

  private AstFeatures(int sampleRate, int melBins, int frames, double mean, double deviation) {
    this.signals = new MonoSignals(sampleRate, (frames - 1) * SHIFT_SECONDS + WINDOW_SECONDS);
    this.frames = frames;
    this.mean = mean;
    this.deviation = deviation;
    this.filterbank = new KaldiFilterbank(sampleRate, melBins);
  }

  static AstFeatures declaredBy(Settings settings) {
    boolean normalizes = settings.flag("do_normalize", true);
    int frames = FeatureExtractors.count(settings, "max_length", 1_024, MAX_FRAMES);
    double deviation = normalizes ? settings.decimal("std", 4.5689974) : 0.5;
    if (!(deviation > 0)) {
      throw new ModelLoadException("std must be positive; got " + deviation);
    }
    return new AstFeatures(
        settings.integer("sampling_rate", 16_000),
        settings.integer("num_mel_bins", 128),
        frames,
        normalizes ? settings.decimal("mean", -4.2677393) : 0,
        deviation);
  }

  @Override
  public Shape shape() {
    return Shape.of(1, frames, filterbank.melBins());
  }

  @Override
  public Tensor of(AudioClip clip) {
    Tensor tensor = Tensor.allocate(ElementType.FLOAT32, shape());
    filterbank.writeNormalized(signals.of(clip), frames, mean, deviation, tensor.asFloats());
    return tensor;
  }
}
