package io.sensorium.encoder.audio;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The feature extractors that packages may declare, by {@code feature_extractor_type}. Stateless.
 */
final class FeatureExtractors {
  private static final Map<String, Function<Settings, AudioFeatures>> KNOWN =
      new TreeMap<>(
          Map.of(
              "ASTFeatureExtractor", AstFeatures::declaredBy,
              "ClapFeatureExtractor", ClapFeatures::declaredBy,
              "ImageBindAudio", ImageBindFeatures::declaredBy,
              "WhisperFeatureExtractor", WhisperFeatures::declaredBy));

  private FeatureExtractors() {}

  /**
   * Reads a declaration in the words of Hugging Face transformers; what it does not say is as
   * there.
   *
   * @throws ModelLoadException if the extractor is not known or cannot do what is declared
   */
  static AudioFeatures declaredBy(Settings settings) {
    String type = settings.text("feature_extractor_type", "");
    Function<Settings, AudioFeatures> extractor = KNOWN.get(type);
    if (extractor == null) {
      throw new ModelLoadException(
          "feature_extractor_type must be one of %s; got '%s'".formatted(KNOWN.keySet(), type));
    }
    try {
      return extractor.apply(settings);
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException("no such mel features: " + e.getMessage(), e);
    }
  }

  /**
   * A count that memory or time grows with.
   *
   * @throws ModelLoadException if it is not within 1 to the limit
   */
  static int count(Settings settings, String key, int otherwise, int limit) {
    int value = settings.integer(key, otherwise);
    if (value < 1 || value > limit) {
      throw new ModelLoadException("%s must be 1 to %d; got %d".formatted(key, limit, value));
    }
    return value;
  }
}
