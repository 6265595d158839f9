package io.sensorium.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDeclarationTest {
  private static final String HASH = "0".repeat(64);

  @ParameterizedTest
  @ValueSource(strings = {"", "/etc/passwd", "../x", "a/../b", "a//b", "a\\b", "c:x", ".", "a/"})
  void filePathsStayInsideThePackage(String path) {
    assertThatThrownBy(() -> new ModelFile(path, 1, HASH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("inside the package");
  }

  @Test
  void nestedFilePathsAreAllowed() {
    assertThat(new ModelFile("2_Dense/model.safetensors", 0, HASH).path())
        .isEqualTo("2_Dense/model.safetensors");
  }

  @Test
  void settingsNamePathAndDocumentWhenAValueIsMissingOrWrong() {
    Settings settings =
        Settings.of(
            "preprocessor_config.json",
            Map.of("size", Map.of("height", 80), "image_mean", List.of(0.5, 0.25)));
    assertThat(settings.integer("size.height")).isEqualTo(80);
    assertThat(settings.decimals("image_mean")).containsExactly(0.5, 0.25);
    assertThat(settings.integer("size.depth", 3)).isEqualTo(3);
    assertThatThrownBy(() -> settings.integer("size.width"))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("'size.width' in preprocessor_config.json");
    assertThatThrownBy(() -> settings.text("size.height")).isInstanceOf(ModelLoadException.class);
  }
}
