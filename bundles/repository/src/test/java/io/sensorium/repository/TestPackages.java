package io.sensorium.repository;

import io.sensorium.api.Modality;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes packages around one graph: y = x W with W = [[1, 2], [3, 4], [5, 6]]. */
final class TestPackages {
  static final ModelLicence FREE = new ModelLicence("Apache-2.0", true);
  static final ModelLicence NON_COMMERCIAL = new ModelLicence("CC-BY-NC-4.0", false);

  private TestPackages() {}

  /** A package that passes its golden test. */
  static Path good(Path folder, String id, String version) throws IOException {
    return write(folder, id, version, FREE, 0f, Map.of());
  }

  /**
   * A package in a folder.
   *
   * @param drift added to the first recorded output
   */
  static Path write(
      Path folder,
      String id,
      String version,
      ModelLicence licence,
      float drift,
      Map<String, Object> calibration)
      throws IOException {
    Files.createDirectories(folder);
    try (InputStream in = TestPackages.class.getResourceAsStream("projection.onnx")) {
      Files.write(folder.resolve("model.onnx"), in.readAllBytes());
    }
    Files.writeString(folder.resolve("card.md"), "version " + version);
    float[] x = {1, 10, 100, 0.5f, -0.25f, 2};
    float[] y = {531 + drift, 642, 9.75f, 12};
    writeGolden(folder.resolve("golden.safetensors"), x, y, "output.y");
    ModelManifest manifest =
        new ModelManifest(
            id,
            version,
            ModelManifest.EMBEDDING,
            "test",
            Optional.of(new SpaceId("world", "1")),
            licence,
            List.of(
                new GraphManifest(
                    "motion",
                    Optional.of(new Modality("motion")),
                    "model.onnx",
                    List.of(new TensorSpec("x", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, 3))),
                    List.of(new TensorSpec("y", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, 2))),
                    Settings.of("test", Map.of()))),
            Settings.of("test", calibration),
            PackageFiles.hash(folder));
    ModelManifestJson.write(manifest, folder.resolve("model.json"));
    return folder;
  }

  /** Records input.x of [2, 3] and one output of [2, 2]. */
  static Path writeGolden(Path file, float[] x, float[] y, String output) throws IOException {
    String header =
        "{\"input.x\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},\""
            + output
            + "\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[24,40]}}";
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(8 + text.length + 40).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(text.length).put(text);
    for (float value : x) {
      buffer.putFloat(value);
    }
    for (float value : y) {
      buffer.putFloat(value);
    }
    return Files.write(file, buffer.array());
  }

  static Path zip(Path folder, Path zipFile) throws IOException {
    try (OutputStream out = Files.newOutputStream(zipFile);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Path file : files(folder)) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
    return zipFile;
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
