package io.sensorium.importer;

import io.sensorium.api.Modality;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a checkpoint says that items become the inputs of its graphs. */
final class DeclaredPreprocessing {
  private static final String PROCESSOR = "preprocessor_config.json";
  private static final String SENTENCES = "sentence_bert_config.json";

  /** Newer checkpoints keep all processors of a model in one file. */
  private static final String ALL_PROCESSORS = "processor_config.json";

  private static final List<String> PARTS = List.of("image_processor", "feature_extractor");

  /** A table that older Whisper checkpoints repeat, although their extractor computes it anew. */
  private static final String COMPUTED = "mel_filters";

  private DeclaredPreprocessing() {}

  /** What is declared for the graph, overlaid by what the checkpoint's files say. */
  static Settings of(
      Optional<Modality> modality, Map<String, Object> declared, CheckpointFolder checkpoint) {
    Map<String, Object> merged = new LinkedHashMap<>(declared);
    boolean isText = modality.equals(Optional.of(Modality.TEXT));
    if (isText) {
      checkpoint
          .settings(CheckpointFiles.transformerFile(checkpoint, SENTENCES))
          .ifPresent(settings -> merged.putAll(settings.asMap()));
    } else {
      merged.putAll(processor(checkpoint));
      merged.remove(COMPUTED);
    }
    return Settings.of("preprocessing", merged);
  }

  private static Map<String, Object> processor(CheckpointFolder checkpoint) {
    Optional<Settings> own = checkpoint.settings(PROCESSOR);
    if (own.isPresent()) {
      return own.get().asMap();
    }
    Map<String, Object> merged = new LinkedHashMap<>();
    Optional<Settings> all = checkpoint.settings(ALL_PROCESSORS);
    for (String part : PARTS) {
      if (all.flatMap(settings -> settings.find(part)).orElse(null) instanceof Map<?, ?> found) {
        found.forEach((key, value) -> merged.put((String) key, value));
      }
    }
    return merged;
  }
}
