package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import java.util.List;
import java.util.Optional;

/**
 * Sentences with {@code {}} where a label goes. Immutable.
 *
 * @param templates at least one
 */
record PromptTemplates(List<String> templates) {
  private static final String SLOT = "{}";

  PromptTemplates {
    templates = List.copyOf(templates);
    if (templates.isEmpty() || templates.stream().anyMatch(text -> !text.contains(SLOT))) {
      throw new ModelLoadException(
          "calibration.prompts must be templates with {}; got " + templates);
    }
  }

  /** What a model's calibration declares; empty if it declares none. */
  static Optional<PromptTemplates> declaredBy(Settings calibration) {
    return calibration
        .find("prompts")
        .map(
            value -> {
              if (!(value instanceof List<?> list)) {
                throw new ModelLoadException(
                    "calibration.prompts must be a list of templates with {}; got " + value);
              }
              return new PromptTemplates(list.stream().map(String::valueOf).toList());
            });
  }

  /** What is usual for a modality. */
  static PromptTemplates of(Modality modality) {
    if (modality.equals(Modality.IMAGE)) {
      return new PromptTemplates(List.of("{}", "a {}", "a picture of a {}"));
    }
    if (modality.equals(Modality.AUDIO)) {
      return new PromptTemplates(List.of("{}", "a {}", "the sound of a {}"));
    }
    return new PromptTemplates(List.of("{}", "a {}"));
  }

  List<String> fill(String label) {
    return templates.stream().map(template -> template.replace(SLOT, label)).toList();
  }
}
