package io.sensorium.models.packages;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Reads and writes {@code model.json}, format 2.
 *
 * <pre>{@code
 * {
 *   "format": 2,
 *   "id": "world-image", "version": "1", "task": "embedding", "architecture": "vit",
 *   "space": {"name": "world", "version": "1"},       // only where there is one
 *   "licence": {"name": "Apache-2.0", "commercialUse": true},
 *   "graphs": [{
 *     "name": "vision",
 *     "modality": "image",                            // likewise
 *     "runtime": "djl",                               // likewise; "onnx" is not written
 *     "file": "vision.onnx",
 *     "inputs":  [{"name": "pixel_values", "type": "float32", "shape": [-1, 3, 80, 80]}],
 *     "outputs": [{"name": "image_embeds", "type": "float32", "shape": [-1, 128]}],
 *     "preprocessing": {...}
 *   }],
 *   "calibration": {...},
 *   "files": [{"path": "model.onnx", "bytes": 1234, "sha256": "..."}]
 * }
 * }</pre>
 *
 * <p>Every key but modality, runtime, space, preprocessing and calibration is required, an unknown
 * key is refused, -1 is an open dimension. What fails is one {@link ModelLoadException} that names
 * the file and the key. Thread-safe.
 */
public final class ModelManifestJson {
  /** The manifest's name in a package. */
  public static final String FILE_NAME = "model.json";

  /** The only format there is. */
  public static final int FORMAT = 2;

  /** The longest manifest that is read, in bytes. */
  public static final int MAXIMUM_BYTES = 4 << 20;

  private static final int MAXIMUM_ENTRIES = 10_000;
  private static final Set<String> KEYS =
      Set.of(
          "format",
          "id",
          "version",
          "task",
          "architecture",
          "space",
          "licence",
          "graphs",
          "calibration",
          "files");
  private static final Set<String> GRAPH_KEYS =
      Set.of("name", "modality", "runtime", "file", "inputs", "outputs", "preprocessing", "memory");

  private ModelManifestJson() {}

  /**
   * Reads a manifest.
   *
   * @throws ModelLoadException if the file is missing, too long or not a valid manifest
   */
  public static ModelManifest read(Path file) {
    return parse(file.toString(), JsonSettings.readBounded(file, MAXIMUM_BYTES));
  }

  /**
   * Reads a manifest.
   *
   * @param document where it comes from, for messages
   * @param json UTF-8, borrowed
   * @throws ModelLoadException if it is not a valid manifest
   */
  public static ModelManifest parse(String document, byte[] json) {
    if (json.length > MAXIMUM_BYTES) {
      throw new ModelLoadException(
          "%s must have at most %d bytes; got %d".formatted(document, MAXIMUM_BYTES, json.length));
    }
    JsonNodeReader root =
        new JsonNodeReader(document, "", JsonSettings.parse(document, json).asMap());
    long format = root.integer("format");
    if (format != FORMAT) {
      throw root.wrong("format", "" + FORMAT, format);
    }
    root.allowOnly(KEYS);
    try {
      return manifest(document, root);
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException(document + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a list of tensors as manifests have it.
   *
   * @param document where the settings come from, for messages
   * @throws ModelLoadException if it is missing or malformed
   */
  public static List<TensorSpec> tensors(String document, Settings settings, String key) {
    return specs(new JsonNodeReader(document, "", settings.asMap()), key);
  }

  private static ModelManifest manifest(String document, JsonNodeReader root) {
    return new ModelManifest(
        root.text("id"),
        root.text("version"),
        root.text("task"),
        root.text("architecture"),
        root.optionalObject("space").map(ModelManifestJson::space),
        licence(root.object("licence")),
        graphs(document, root),
        settings(document, root, "calibration"),
        files(root));
  }

  private static List<GraphManifest> graphs(String document, JsonNodeReader root) {
    List<GraphManifest> graphs = new ArrayList<>();
    for (JsonNodeReader node : root.objects("graphs", MAXIMUM_ENTRIES)) {
      node.allowOnly(GRAPH_KEYS);
      graphs.add(
          new GraphManifest(
              node.text("name"),
              node.optionalText("modality")
                  .map(name -> node.checked("modality", () -> new Modality(name))),
              node.optionalText("runtime").orElse(GraphManifest.ONNX),
              node.text("file"),
              specs(node, "inputs"),
              specs(node, "outputs"),
              settings(document, node, "preprocessing"),
              node.optionalObject("memory").map(ModelManifestJson::memory)));
    }
    return graphs;
  }

  private static GraphMemory memory(JsonNodeReader node) {
    node.allowOnly(Set.of("parameters", "weightBytes", "workingBytes"));
    return node.checked(
        "parameters",
        () ->
            new GraphMemory(
                node.integer("parameters"),
                node.integer("weightBytes"),
                node.integer("workingBytes")));
  }

  private static SpaceId space(JsonNodeReader node) {
    node.allowOnly(Set.of("name", "version"));
    return node.checked("name", () -> new SpaceId(node.text("name"), node.text("version")));
  }

  private static ModelLicence licence(JsonNodeReader node) {
    node.allowOnly(Set.of("name", "commercialUse"));
    return node.checked(
        "name",
        () ->
            new ModelLicence(
                node.text("name"),
                node.optionalFlag("commercialUse")
                    .map(allowed -> allowed ? CommercialUse.ALLOWED : CommercialUse.FORBIDDEN)
                    .orElse(CommercialUse.UNKNOWN)));
  }

  private static List<TensorSpec> specs(JsonNodeReader root, String key) {
    List<TensorSpec> specs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNodeReader node : root.objects(key, MAXIMUM_ENTRIES)) {
      node.allowOnly(Set.of("name", "type", "shape"));
      String name = node.text("name");
      if (!names.add(name)) {
        throw node.wrong("name", "unique in " + key, name);
      }
      long[] dimensions = node.integers("shape");
      specs.add(
          new TensorSpec(
              name, elementType(node), node.checked("shape", () -> Shape.of(dimensions))));
    }
    return specs;
  }

  private static ElementType elementType(JsonNodeReader node) {
    String name = node.text("type");
    for (ElementType type : ElementType.values()) {
      if (typeName(type).equals(name)) {
        return type;
      }
    }
    throw node.wrong("type", "an element type such as float32", name);
  }

  private static String typeName(ElementType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private static Settings settings(String document, JsonNodeReader root, String key) {
    Map<String, Object> tree = root.optionalObject(key).map(JsonNodeReader::tree).orElse(Map.of());
    return Settings.of(document + " (" + key + ")", tree);
  }

  private static List<ModelFile> files(JsonNodeReader root) {
    List<ModelFile> files = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    for (JsonNodeReader node : root.objects("files", MAXIMUM_ENTRIES)) {
      node.allowOnly(Set.of("path", "bytes", "sha256"));
      String path = node.text("path");
      if (path.equals(FILE_NAME) || !paths.add(path.toLowerCase(Locale.ROOT))) {
        throw node.wrong("path", "unique, whatever the case, and not " + FILE_NAME, path);
      }
      files.add(
          node.checked(
              "path", () -> new ModelFile(path, node.integer("bytes"), node.text("sha256"))));
    }
    return files;
  }

  /**
   * Writes a manifest; equal manifests give equal bytes.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(ModelManifest manifest, Path file) throws IOException {
    Files.write(file, toBytes(manifest));
  }

  private static Map<String, Object> tree(ModelLicence licence) {
    return licence.commercialUse() == CommercialUse.UNKNOWN
        ? ordered("name", licence.name())
        : ordered(
            "name",
            licence.name(),
            "commercialUse",
            licence.commercialUse() == CommercialUse.ALLOWED);
  }

  /** The manifest as UTF-8, ending with a line feed. */
  public static byte[] toBytes(ModelManifest manifest) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("format", FORMAT);
    root.put("id", manifest.id());
    root.put("version", manifest.version());
    root.put("task", manifest.task());
    root.put("architecture", manifest.architecture());
    manifest
        .space()
        .ifPresent(s -> root.put("space", ordered("name", s.name(), "version", s.version())));
    root.put("licence", tree(manifest.licence()));
    root.put("graphs", manifest.graphs().stream().map(ModelManifestJson::tree).toList());
    root.put("calibration", manifest.calibration().asMap());
    root.put("files", manifest.files().stream().map(ModelManifestJson::tree).toList());
    return JsonSettings.write(root);
  }

  private static Map<String, Object> tree(GraphManifest graph) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("name", graph.name());
    graph.modality().ifPresent(modality -> node.put("modality", modality.name()));
    if (!graph.runtime().equals(GraphManifest.ONNX)) {
      node.put("runtime", graph.runtime());
    }
    node.put("file", graph.file());
    node.put("inputs", graph.inputs().stream().map(ModelManifestJson::tree).toList());
    node.put("outputs", graph.outputs().stream().map(ModelManifestJson::tree).toList());
    node.put("preprocessing", graph.preprocessing().asMap());
    graph
        .memory()
        .ifPresent(
            memory ->
                node.put(
                    "memory",
                    ordered(
                        "parameters",
                        memory.parameters(),
                        "weightBytes",
                        memory.weightBytes(),
                        "workingBytes",
                        memory.workingBytes())));
    return node;
  }

  private static Map<String, Object> tree(TensorSpec spec) {
    List<Long> shape =
        LongStream.range(0, spec.shape().rank())
            .mapToObj(axis -> spec.shape().dimension((int) axis))
            .toList();
    return ordered("name", spec.name(), "type", typeName(spec.type()), "shape", shape);
  }

  private static Map<String, Object> tree(ModelFile file) {
    return ordered("path", file.path(), "bytes", file.bytes(), "sha256", file.sha256());
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
