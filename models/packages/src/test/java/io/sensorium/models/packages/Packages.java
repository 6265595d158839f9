package io.sensorium.models.packages;

import io.sensorium.api.Modality;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes small packages for tests. */
final class Packages {
  private Packages() {}

  /** Three files, one of them in a sub-folder, and a manifest that fits. */
  static Path folder(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("media"));
    Files.writeString(folder.resolve("model.onnx"), "graph");
    Files.write(folder.resolve("weights.bin"), new byte[100_003]);
    Files.writeString(folder.resolve("media/one.txt"), "one");
    ModelManifestJson.write(manifest(folder), folder.resolve("model.json"));
    return folder;
  }

  static ModelManifest manifest(Path folder) throws IOException {
    return new ModelManifest(
        "tiny",
        "1.0",
        ModelManifest.EMBEDDING,
        "vit",
        Optional.of(new SpaceId("world", "1")),
        new ModelLicence("Apache-2.0", true),
        List.of(
            new GraphManifest(
                "vision",
                Optional.of(Modality.IMAGE),
                "model.onnx",
                List.of(
                    new TensorSpec(
                        "pixel_values", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, 3, 7, 7))),
                List.of(
                    new TensorSpec(
                        "image_embeds", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, 5))),
                Settings.of("test", Map.of("image_mean", List.of(0.5, 0.25, 0.125))))),
        Settings.of("test", Map.of("temperature", 0.07)),
        PackageFiles.hash(folder));
  }

  static Path zip(Path file, Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
