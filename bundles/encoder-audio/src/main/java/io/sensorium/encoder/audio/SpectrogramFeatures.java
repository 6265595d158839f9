package io.sensorium.encoder.audio;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
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
final class SpectrogramFeatures {
  private static final String EXTRACTOR = "ASTFeatureExtractor";
  private static final int MAX_FRAMES = 65_536;
  private static final double WINDOW_SECONDS = 0.025;
  private static final double SHIFT_SECONDS = 0.010;

  private final MonoSignals signals;
  private final int frames;
  private final double mean;
  private final double deviation;
  private final KaldiFilterbank filterbank;

  private SpectrogramFeatures(
      int sampleRate, int melBins, int frames, double mean, double deviation) {
    this.signals = new MonoSignals(sampleRate, (frames - 1) * SHIFT_SECONDS + WINDOW_SECONDS);
    this.frames = frames;
    this.mean = mean;
    this.deviation = deviation;
    this.filterbank = new KaldiFilterbank(sampleRate, melBins);
  }

  /**
   * Reads a feature extractor's declaration.
   *
   * @throws ModelLoadException if the extractor is not known or a value is out of range
   */
  static SpectrogramFeatures declaredBy(Settings settings) {
    String type = settings.text("feature_extractor_type", "");
    if (!type.equals(EXTRACTOR)) {
      throw new ModelLoadException(
          "feature_extractor_type must be one of [%s]; got '%s'".formatted(EXTRACTOR, type));
    }
    boolean normalizes = settings.flag("do_normalize", true);
    int frames = settings.integer("max_length", 1_024);
    double deviation = normalizes ? settings.decimal("std", 4.5689974) : 0.5;
    if (frames < 1 || frames > MAX_FRAMES || !(deviation > 0)) {
      throw new ModelLoadException(
          "max_length must be 1 to %d frames and std positive; got %d and %s"
              .formatted(MAX_FRAMES, frames, deviation));
    }
    try {
      return new SpectrogramFeatures(
          settings.integer("sampling_rate", 16_000),
          settings.integer("num_mel_bins", 128),
          frames,
          normalizes ? settings.decimal("mean", -4.2677393) : 0,
          deviation);
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException("no such mel features: " + e.getMessage(), e);
    }
  }

  /** What {@link #of} answers: {@code [1,frames,bins]}. */
  Shape shape() {
    return Shape.of(1, frames, filterbank.melBins());
  }

  /**
   * @param name of the clip, for messages
   * @throws UnsupportedInputException if the clip has no samples
   */
  Tensor of(AudioClip clip, String name) {
    if (clip.frames() == 0) {
      throw new UnsupportedInputException(
          "a sound with at least one sample is required; '" + name + "' has none");
    }
    Tensor tensor = Tensor.allocate(ElementType.FLOAT32, shape());
    filterbank.writeNormalized(signals.of(clip), frames, mean, deviation, tensor.asFloats());
    return tensor;
  }
}
