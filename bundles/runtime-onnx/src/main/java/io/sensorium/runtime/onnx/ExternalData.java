package io.sensorium.runtime.onnx;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Checks where a graph says its weights lie before native code follows it: in files that the
 * package lists, inside their length, and never in an address.
 */
final class ExternalData {
  private ExternalData() {}

  /**
   * Checks every reference.
   *
   * @return the bytes of the graph and of the files it refers to
   * @throws ModelLoadException if the graph is malformed or refers to anything else
   */
  static long check(ModelGraph graph) {
    Map<String, ModelFile> files =
        graph.model().manifest().files().stream()
            .collect(Collectors.toMap(ModelFile::path, Function.identity()));
    Set<String> used = new HashSet<>(List.of(graph.manifest().file()));
    for (Map<String, String> reference : references(graph.path())) {
      used.add(checkReference(graph, files, reference));
    }
    return used.stream().mapToLong(path -> files.get(path).bytes()).sum();
  }

  private static List<Map<String, String>> references(Path graph) {
    try {
      return GraphScan.externalData(graph);
    } catch (IOException e) {
      throw new ModelLoadException("cannot read %s: %s".formatted(graph, e.getMessage()), e);
    }
  }

  private static String checkReference(
      ModelGraph graph, Map<String, ModelFile> files, Map<String, String> reference) {
    String location = reference.getOrDefault("location", "");
    String path = location.startsWith("*") ? "" : inPackage(graph.manifest().file(), location);
    if (!files.containsKey(path)) {
      throw new ModelLoadException(
          "weights must lie in files that the manifest lists; got '%s' in the graph of model %s"
              .formatted(location, graph));
    }
    long available = files.get(path).bytes();
    long offset = number(graph, reference, "offset");
    long length = number(graph, reference, "length");
    if (offset > available || length > available - offset) {
      throw new ModelLoadException(
          "weights must lie inside '%s' of %d bytes; got offset %d, length %d (model %s)"
              .formatted(path, available, offset, length, graph));
    }
    return path;
  }

  private static String inPackage(String graph, String location) {
    try {
      Path folder = Path.of(graph).resolveSibling("");
      return folder.resolve(location).normalize().toString().replace('\\', '/');
    } catch (InvalidPathException e) {
      return "";
    }
  }

  private static long number(ModelGraph graph, Map<String, String> reference, String key) {
    String text = reference.getOrDefault(key, "0");
    if (!text.matches("\\d{1,18}")) {
      throw new ModelLoadException(
          "the %s of external weights must be a count of bytes; got '%s' (model %s)"
              .formatted(key, text, graph));
    }
    return Long.parseLong(text);
  }
}
