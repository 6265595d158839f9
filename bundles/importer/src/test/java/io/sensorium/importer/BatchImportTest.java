package io.sensorium.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.model.ModelLicence.CommercialUse;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.space.SpaceId;
import io.sensorium.models.packages.ModelManifestJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchImportTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");

  @TempDir Path root;

  @Test
  void everyFolderBecomesAPackageAndOldOnesAreReplaced() throws IOException {
    Path checkpoint = Files.createDirectories(root.resolve("checkpoints/tower"));
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(
          REFERENCE.resolve("ast-projected/checkpoint").resolve(name), checkpoint.resolve(name));
    }
    String packages = root.resolve("packages").toString();
    Files.createDirectories(root.resolve("packages/tower/left-over"));

    BatchImport.main(checkpoint.getParent().toString(), packages, "1.2", "world@3", "Apache-2.0");

    ModelManifest manifest = ModelManifestJson.read(root.resolve("packages/tower/model.json"));
    assertThat(manifest.id()).isEqualTo("tower");
    assertThat(manifest.version()).isEqualTo("1.2");
    assertThat(manifest.space()).contains(new SpaceId("world", "3"));
    assertThat(manifest.licence().commercialUse()).isEqualTo(CommercialUse.ALLOWED);
    assertThat(root.resolve("packages/tower/left-over")).doesNotExist();
  }

  @Test
  void wrongArgumentsAreNamed() throws IOException {
    Path empty = Files.createDirectories(root.resolve("empty"));
    assertThatThrownBy(() -> BatchImport.main("a", "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[a, b]");
    assertThatThrownBy(() -> BatchImport.main(empty.toString(), "b", "1", "world@1", "MIT"))
        .hasMessageContaining("no checkpoint in");
    assertThatThrownBy(() -> BatchImport.main(empty.toString(), "b", "1", "world", "MIT"))
        .hasMessageContaining("NAME@VERSION");
  }
}
