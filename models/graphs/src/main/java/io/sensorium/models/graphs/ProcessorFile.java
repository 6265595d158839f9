package io.sensorium.models.graphs;

import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads what a checkpoint says of its processors. Stateless. */
final class ProcessorFile {
  private ProcessorFile() {}

  /**
   * A processor's declaration. Older files hold the processor itself, newer ones of several
   * processors hold it by name.
   *
   * @param name for instance {@code image_processor}
   * @return empty if the checkpoint has no such file
   */
  static Optional<Settings> read(CheckpointFolder checkpoint, String name) {
    return checkpoint
        .settings("preprocessor_config.json")
        .or(() -> checkpoint.settings("processor_config.json"))
        .map(settings -> part(settings, name));
  }

  private static Settings part(Settings settings, String name) {
    if (!(settings.find(name).orElse(null) instanceof Map<?, ?> inner)) {
      return settings;
    }
    Map<String, Object> processor = new LinkedHashMap<>();
    inner.forEach((key, value) -> processor.put((String) key, value));
    return Settings.of(name, processor);
  }
}
