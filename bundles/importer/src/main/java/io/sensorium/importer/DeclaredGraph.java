package io.sensorium.importer;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.packages.ModelManifestJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A graph whose folder says itself what it reads and gives, because nobody here knows its family.
 *
 * @param checkpoint the folder, borrowed
 * @param document the name of the file that says so
 * @param declared its content
 */
record DeclaredGraph(CheckpointFolder checkpoint, String document, Settings declared) {
  /**
   * What the manifest says of it.
   *
   * @param runtime what runs it
   * @param file what that reads
   * @throws ModelLoadException if something is missing or malformed
   */
  GraphManifest manifest(String runtime, String file) {
    String path = checkpoint.path().resolve(document).toString();
    Optional<Modality> modality =
        declared.find("modality").map(String::valueOf).map(this::modality);
    try {
      return new GraphManifest(
          declared.text("name", modality.map(DeclaredGraph::nameOf).orElse("model")),
          modality,
          runtime,
          file,
          ModelManifestJson.tensors(path, declared, "inputs"),
          ModelManifestJson.tensors(path, declared, "outputs"),
          DeclaredPreprocessing.of(
              modality, object(declared, document, "preprocessing"), checkpoint));
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException("%s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private Modality modality(String name) {
    try {
      return new Modality(name);
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException(
          "'modality' in %s of %s: %s".formatted(document, checkpoint.path(), e.getMessage()), e);
    }
  }

  private static String nameOf(Modality modality) {
    return modality.equals(Modality.IMAGE)
        ? "vision"
        : modality.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
  }

  /** The object of that name, empty if there is none. */
  static Map<String, Object> object(Settings declared, String document, String key) {
    Map<String, Object> object = new LinkedHashMap<>();
    Object value = declared.find(key).orElse(Map.of());
    if (!(value instanceof Map<?, ?> map)) {
      throw new ModelLoadException(
          "'%s' in %s must be an object; got %s".formatted(key, document, value));
    }
    map.forEach((name, each) -> object.put((String) name, each));
    return object;
  }

  /** The texts of that name, none if there is no such list. */
  static List<String> texts(Settings declared, String document, String key) {
    Object value = declared.find(key).orElse(List.of());
    if (!(value instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
      throw new ModelLoadException(
          "'%s' in %s must be a list of texts; got %s".formatted(key, document, value));
    }
    return list.stream().map(String.class::cast).toList();
  }
}
