package io.sensorium.host.bench.hotplug;

import io.sensorium.api.Modality;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.checkpoints.SafetensorsWriter.FloatTensor;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A package around one graph, y = x W, that adds its own version to what the encoder prepared. It
 * was recorded with an encoder of one version, so that no other reproduces it. Immutable; its
 * methods break one thing each.
 *
 * @param id the package's
 * @param version a whole number, which the graph writes into each answer
 * @param encoder the version of the encoder that it was recorded with
 * @param input the graph's name for its input
 * @param width of the answers that the manifest declares; the graph's are {@value #WIDTH}
 * @param golden what is added to the recorded output, so that the self-test fails where it is not 0
 * @param hashes whether the manifest's hashes are those of the files
 * @param weightBytes what the manifest says that the weights take
 */
record ProbeModel(
    String id,
    int version,
    int encoder,
    String input,
    int width,
    float golden,
    boolean hashes,
    long weightBytes) {
  /** Components of an answer: the number asked, the encoder's version, the package's. */
  static final int WIDTH = 3;

  static final Modality MODALITY = new Modality("probe");
  static final SpaceId SPACE = new SpaceId("hotplug", "1");

  private static final String GRAPH = "model.onnx";

  /** One that works. */
  static ProbeModel of(String id, int version) {
    return new ProbeModel(id, version, version, "x", WIDTH, 0, true, WIDTH * WIDTH * Float.BYTES);
  }

  ProbeModel recordedWith(int encoderVersion) {
    return new ProbeModel(id, version, encoderVersion, input, width, golden, hashes, weightBytes);
  }

  ProbeModel withInput(String name) {
    return new ProbeModel(id, version, encoder, name, width, golden, hashes, weightBytes);
  }

  ProbeModel withWidth(int declared) {
    return new ProbeModel(id, version, encoder, input, declared, golden, hashes, weightBytes);
  }

  ProbeModel withGoldenDrift(float drift) {
    return new ProbeModel(id, version, encoder, input, width, drift, hashes, weightBytes);
  }

  ProbeModel withWrongHashes() {
    return new ProbeModel(id, version, encoder, input, width, golden, false, weightBytes);
  }

  ProbeModel withWeightBytes(long declared) {
    return new ProbeModel(id, version, encoder, input, width, golden, hashes, declared);
  }

  /** Writes the package into a folder that it makes. */
  Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    float[] weights = {1, 0, 0, 0, 1, 0, 0, 0, version};
    Files.write(folder.resolve(GRAPH), ProductGraph.of("x", "y", WIDTH, weights));
    writeGolden(folder.resolve("golden.safetensors"));
    Files.createDirectories(folder.resolve("media"));
    Files.writeString(folder.resolve("media/three.txt"), "3");
    List<ModelFile> files = PackageFiles.hash(folder);
    ModelManifestJson.write(manifest(files), folder.resolve(ModelManifestJson.FILE_NAME));
    return folder;
  }

  private void writeGolden(Path file) {
    float[] x = {3, encoder, 1, -7, encoder, 1};
    float[] y = {3 + golden, encoder, version, -7, encoder, version};
    SafetensorsWriter.write(
        file,
        Map.of(
            "input.x",
            new FloatTensor(new long[] {2, WIDTH}, x),
            "output.y",
            new FloatTensor(new long[] {2, WIDTH}, y),
            "pre.three.x",
            new FloatTensor(new long[] {1, WIDTH}, new float[] {3, encoder, 1})),
        Map.of());
  }

  private ModelManifest manifest(List<ModelFile> files) {
    GraphManifest graph =
        new GraphManifest(
                "probe",
                Optional.of(MODALITY),
                GRAPH,
                List.of(new TensorSpec(input, ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, WIDTH))),
                List.of(new TensorSpec("y", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, width))),
                Settings.of("probe", Map.of()))
            .with(new GraphMemory((long) WIDTH * WIDTH, weightBytes, 1 << 10));
    return new ModelManifest(
        id,
        Integer.toString(version),
        ModelManifest.EMBEDDING,
        "probe",
        Optional.of(SPACE),
        new ModelLicence("Apache-2.0", true),
        List.of(graph),
        Settings.of("probe", Map.of()),
        hashes ? files : files.stream().map(ProbeModel::tampered).toList());
  }

  private static ModelFile tampered(ModelFile file) {
    return new ModelFile(file.path(), file.bytes(), "0".repeat(64));
  }
}
