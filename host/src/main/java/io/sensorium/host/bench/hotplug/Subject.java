package io.sensorium.host.bench.hotplug;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.host.bench.hotplug.plugin.ProbeEncoder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An encoder that comes, changes and goes. Its base stays installed, so that somebody answers when
 * it is away; versions are 1 for the base, 2 and 3 for the other two.
 *
 * @param bundle the symbolic name of what comes and goes
 * @param baseBundle the symbolic name of its base
 * @param base a jar
 * @param first version 2
 * @param second version 3
 * @param traffic requests for it
 */
record Subject(
    String bundle,
    String baseBundle,
    Modality modality,
    Path base,
    Path first,
    Path second,
    Traffic traffic) {
  /** The version of the base. */
  static final int BASE = 1;

  private static final String MEDIA = "media/";
  private static final String GOLDEN = "golden.safetensors";
  private static final String PREPARED = "pre.";

  static final int FIRST = 2;
  static final int SECOND = 3;

  /** The smallest encoder there is, whose answers tell who gave them. */
  static Subject probe(Path folder) throws IOException {
    return new Subject(
        "hotplug-probe",
        "hotplug-probe-base",
        ProbeModel.MODALITY,
        probe(folder, "hotplug-probe-base", BASE),
        probe(folder, "hotplug-probe", FIRST),
        probe(folder, "hotplug-probe", SECOND),
        new ProbeTraffic());
  }

  /** A bundle with the probe encoder and its package. */
  static Path probe(Path folder, String name, int version) throws IOException {
    Path model = ProbeModel.of(name, version).write(folder.resolve("packages/" + name + version));
    return bundle(name, version)
        .encoder(ProbeEncoder.class, properties(version))
        .carrying(model)
        .write(folder.resolve(name + "-" + version + ".jar"));
  }

  /** The name and version of a probe's bundle. */
  static PlugInJar bundle(String name, int version) {
    return PlugInJar.named(name, version + ".0.0");
  }

  /** A probe's service properties. */
  static Map<String, Object> properties(int version) {
    return Map.of("sensorium.modality", ProbeModel.MODALITY.name(), "version", version);
  }

  /**
   * The default image encoder under other names, each version with the default package, whose
   * pictures are normalised by another mean, so that answers tell the version.
   *
   * @param encoder the default encoder's jar
   * @param model the default package
   * @param pictures to ask with
   */
  static Subject image(Path folder, Path encoder, ModelPackage model, List<MediaInput> pictures)
      throws IOException {
    List<Path> jars = new ArrayList<>();
    for (int version = BASE; version <= SECOND; version++) {
      String name = version == BASE ? "hotplug-image-base" : "hotplug-image";
      jars.add(
          PlugInJar.like(encoder, name, version + ".0.0")
              .carrying(shifted(model, name, version, folder.resolve("packages/" + name + version)))
              .write(folder.resolve(name + "-" + version + ".jar")));
    }
    return new Subject(
        "hotplug-image",
        "hotplug-image-base",
        Modality.IMAGE,
        jars.get(0),
        jars.get(1),
        jars.get(2),
        new PictureTraffic(pictures));
  }

  private static Path shifted(ModelPackage model, String id, int version, Path folder)
      throws IOException {
    ModelManifest manifest = model.manifest();
    for (ModelFile file : manifest.files()) {
      if (!file.path().startsWith(MEDIA)) {
        Path target = folder.resolve(file.path());
        Files.createDirectories(target.getParent());
        Files.copy(model.file(file.path()), target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    forgetPreprocessing(folder.resolve(GOLDEN));
    ModelManifestJson.write(
        new ModelManifest(
            id,
            Integer.toString(version),
            manifest.task(),
            manifest.architecture(),
            Optional.of(ProbeModel.SPACE),
            manifest.licence(),
            manifest.graphs().stream().map(graph -> shifted(graph, version)).toList(),
            manifest.calibration(),
            PackageFiles.hash(folder)),
        folder.resolve(ModelManifestJson.FILE_NAME));
    return folder;
  }

  /** What was recorded of preparing pictures does not hold for another mean. */
  private static void forgetPreprocessing(Path golden) throws IOException {
    Path rewritten = golden.resolveSibling("rewritten.safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(golden)) {
      Map<String, Tensor> kept = new TreeMap<>();
      for (String name : file.names()) {
        if (!name.startsWith(PREPARED)) {
          kept.put(name, file.tensor(name));
        }
      }
      SafetensorsWriter.writeTensors(rewritten, kept, Map.of());
    }
    Files.move(rewritten, golden, StandardCopyOption.REPLACE_EXISTING);
  }

  private static GraphManifest shifted(GraphManifest graph, int version) {
    Map<String, Object> preprocessing = new HashMap<>(graph.preprocessing().asMap());
    double mean = 0.5 - 0.1 * (version - BASE);
    preprocessing.put("image_mean", List.of(mean, 0.5, 1 - mean));
    return new GraphManifest(
        graph.name(),
        graph.modality(),
        graph.runtime(),
        graph.file(),
        graph.inputs(),
        graph.outputs(),
        Settings.of("hotplug", preprocessing),
        graph.memory());
  }
}
