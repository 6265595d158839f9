package io.sensorium.runtime.djl;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.Settings;
import io.sensorium.models.packages.JsonSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What {@code djl.json} of a package says: which engine loads what. Immutable.
 *
 * @param engine the engine's name in DJL, for instance {@code PyTorch}
 * @param path the model's file or folder; null if it comes from {@code url}
 * @param files what lies there
 * @param url a model of a zoo, for instance {@code djl://ai.djl.pytorch/resnet}; null if it lies in
 *     the package
 * @param options handed to the engine
 * @param filters which of several models at the address
 */
record DjlDeclaration(
    String engine,
    Path path,
    List<ModelFile> files,
    String url,
    Map<String, String> options,
    Map<String, String> filters) {

  /** What may be fetched, if the host allows fetching at all. */
  private static final Set<String> SCHEMES = Set.of("djl", "https");

  DjlDeclaration {
    files = List.copyOf(files);
    options = Map.copyOf(options);
    filters = Map.copyOf(filters);
  }

  /**
   * Reads a graph's declaration.
   *
   * @throws ModelLoadException if it is malformed, or the model is no file of the package
   */
  static DjlDeclaration of(ModelGraph graph) {
    Settings settings = JsonSettings.read(graph.path());
    String engine = settings.text("engine");
    Map<String, String> options = texts(settings, "options", graph);
    Map<String, String> filters = texts(settings, "filters", graph);
    if (settings.find("url").isPresent()) {
      String url = zooUrl(settings.text("url"), graph);
      return new DjlDeclaration(engine, null, List.of(), url, options, filters);
    }
    String model = settings.text("model");
    List<ModelFile> files =
        graph.model().manifest().files().stream()
            .filter(file -> file.path().equals(model) || file.path().startsWith(model + "/"))
            .toList();
    if (files.isEmpty()) {
      throw new ModelLoadException(
          "'model' in %s must be a file or folder of the package; got '%s' (model %s)"
              .formatted(graph.manifest().file(), model, graph));
    }
    files.forEach(file -> graph.model().file(file.path()));
    return new DjlDeclaration(
        engine, graph.model().folder().resolve(model), files, null, options, filters);
  }

  private static String zooUrl(String url, ModelGraph graph) {
    try {
      if (SCHEMES.contains(URI.create(url).getScheme())) {
        return url;
      }
    } catch (IllegalArgumentException | NullPointerException e) {
      // Told below.
    }
    throw new ModelLoadException(
        "'url' must begin with one of %s; got '%s' (model %s)".formatted(SCHEMES, url, graph));
  }

  private static Map<String, String> texts(Settings settings, String key, ModelGraph graph) {
    Map<String, String> texts = new TreeMap<>();
    Object value = settings.find(key).orElse(Map.of());
    if (!(value instanceof Map<?, ?> object)) {
      throw new ModelLoadException(
          "'%s' must be an object; got %s (model %s)".formatted(key, value, graph));
    }
    object.forEach((name, each) -> texts.put((String) name, String.valueOf(each)));
    return texts;
  }
}
