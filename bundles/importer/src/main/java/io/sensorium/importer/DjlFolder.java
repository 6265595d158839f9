package io.sensorium.importer;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.Precision;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.ModelCard;
import io.sensorium.models.packages.JsonSettings;
import io.sensorium.models.packages.ModelManifestJson;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A model for DJL: {@code djl.json} says what it reads and gives, and, unless DJL's own {@code
 * serving.properties} does, which engine loads it.
 *
 * <p>The package gets a {@code djl.json} that says all of it, and the model as it is.
 */
final class DjlFolder {
  private static final String DECLARATION = "djl.json";
  private static final String SERVING = "serving.properties";
  private static final String OPTION = "option.";
  private static final String RUNTIME = "djl";
  private static final int MAX_FILES = 10_000;

  private DjlFolder() {}

  /** Answers whether a folder is meant for DJL. */
  static boolean isIn(CheckpointFolder checkpoint) {
    return checkpoint.file(DECLARATION).isPresent() || checkpoint.file(SERVING).isPresent();
  }

  /**
   * Reads what the folder declares.
   *
   * @throws ModelLoadException if something is missing or malformed
   */
  static PackageContents read(CheckpointFolder checkpoint, Precision precision) {
    if (precision != Precision.FLOAT32) {
      throw new ModelLoadException(
          "a model for DJL is imported as it is; the precision must be %s, got %s (%s)"
              .formatted(Precision.FLOAT32.label(), precision.label(), checkpoint.path()));
    }
    Settings declared =
        checkpoint
            .settings(DECLARATION)
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "a model for DJL needs a %s that declares its modality, inputs and outputs; %s has only %s"
                            .formatted(DECLARATION, checkpoint.path(), SERVING)));
    Map<String, Object> loading = loading(checkpoint, declared);
    return new PackageContents(
        declared.text("architecture", RUNTIME),
        ModelCard.licence(checkpoint),
        List.of(graph(checkpoint, declared)),
        Map.of(),
        folder -> place(checkpoint, loading, folder));
  }

  /** What the runtime reads: engine, model or address, options, filters. */
  private static Map<String, Object> loading(CheckpointFolder checkpoint, Settings declared) {
    Properties serving = serving(checkpoint);
    Map<String, Object> options = new LinkedHashMap<>();
    serving.stringPropertyNames().stream()
        .filter(name -> name.startsWith(OPTION))
        .sorted()
        .forEach(name -> options.put(name.substring(OPTION.length()), serving.getProperty(name)));
    options.putAll(object(declared, "options"));
    Map<String, Object> loading = new LinkedHashMap<>();
    String engine = serving.getProperty("engine");
    loading.put(
        "engine", engine == null ? declared.text("engine") : declared.text("engine", engine));
    if (declared.find("url").isPresent()) {
      loading.put("url", declared.text("url"));
      loading.put("filters", object(declared, "filters"));
    } else {
      loading.put("model", declared.text("model"));
    }
    loading.put("options", options);
    return loading;
  }

  private static Properties serving(CheckpointFolder checkpoint) {
    Properties serving = new Properties();
    Optional<Path> file = checkpoint.file(SERVING);
    if (file.isPresent()) {
      try (Reader reader = Files.newBufferedReader(file.get())) {
        serving.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new ModelLoadException("%s cannot be read: %s".formatted(file.get(), e), e);
      }
    }
    return serving;
  }

  private static GraphManifest graph(CheckpointFolder checkpoint, Settings declared) {
    String document = checkpoint.path().resolve(DECLARATION).toString();
    Optional<Modality> modality =
        declared.find("modality").map(name -> modality(String.valueOf(name), checkpoint));
    return new GraphManifest(
        declared.text("name", modality.map(DjlFolder::nameOf).orElse("model")),
        modality,
        RUNTIME,
        DECLARATION,
        ModelManifestJson.tensors(document, declared, "inputs"),
        ModelManifestJson.tensors(document, declared, "outputs"),
        DeclaredPreprocessing.of(modality, object(declared, "preprocessing"), checkpoint));
  }

  private static Modality modality(String name, CheckpointFolder checkpoint) {
    try {
      return new Modality(name);
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException(
          "'modality' in %s of %s: %s".formatted(DECLARATION, checkpoint.path(), e.getMessage()),
          e);
    }
  }

  private static String nameOf(Modality modality) {
    return modality.equals(Modality.IMAGE)
        ? "vision"
        : modality.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
  }

  private static Map<String, Object> object(Settings declared, String key) {
    Map<String, Object> object = new LinkedHashMap<>();
    Object value = declared.find(key).orElse(Map.of());
    if (!(value instanceof Map<?, ?> map)) {
      throw new ModelLoadException(
          "'%s' in %s must be an object; got %s".formatted(key, DECLARATION, value));
    }
    map.forEach((name, each) -> object.put((String) name, each));
    return object;
  }

  private static void place(CheckpointFolder checkpoint, Map<String, Object> loading, Path folder)
      throws IOException {
    CheckpointFiles.placePublished(checkpoint, folder);
    Files.write(folder.resolve(DECLARATION), JsonSettings.write(loading));
    if (loading.get("model") instanceof String model) {
      for (String file : files(checkpoint, model)) {
        CheckpointFiles.link(checkpoint.requireFile(file), folder.resolve(file));
      }
    }
  }

  /** The model's file, or all files of its folder. */
  private static List<String> files(CheckpointFolder checkpoint, String model) throws IOException {
    Path path = checkpoint.path().resolve(model).normalize();
    boolean inside = path.startsWith(checkpoint.path()) && !path.equals(checkpoint.path());
    if (!inside || !Files.isDirectory(path)) {
      return List.of(model);
    }
    try (Stream<Path> files = Files.walk(path)) {
      return files
          .filter(Files::isRegularFile)
          .limit(MAX_FILES)
          .map(file -> checkpoint.path().relativize(file).toString().replace('\\', '/'))
          .toList();
    }
  }
}
