package io.sensorium.importer;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Precision;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.ModelCard;
import io.sensorium.models.packages.JsonSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

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
        List.of(
            new DeclaredGraph(checkpoint, DECLARATION, declared).manifest(RUNTIME, DECLARATION)),
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
    options.putAll(DeclaredGraph.object(declared, DECLARATION, "options"));
    Map<String, Object> loading = new LinkedHashMap<>();
    String engine = serving.getProperty("engine");
    loading.put(
        "engine", engine == null ? declared.text("engine") : declared.text("engine", engine));
    if (declared.find("url").isPresent()) {
      loading.put("url", declared.text("url"));
      loading.put("filters", DeclaredGraph.object(declared, DECLARATION, "filters"));
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

  private static void place(CheckpointFolder checkpoint, Map<String, Object> loading, Path folder)
      throws IOException {
    CheckpointFiles.placePublished(checkpoint, folder);
    Files.write(folder.resolve(DECLARATION), JsonSettings.write(loading));
    if (loading.get("model") instanceof String model) {
      for (String file : CheckpointFiles.under(checkpoint, model)) {
        CheckpointFiles.link(checkpoint.requireFile(file), folder.resolve(file));
      }
    }
  }
}
