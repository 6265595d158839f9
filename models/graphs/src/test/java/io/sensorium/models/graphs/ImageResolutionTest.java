package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageResolutionTest {
  private static final Extent CONFIGURED = new Extent(33, 44);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'size': 21} | 21 | 21",
        "{'size': {'height': 20, 'width': 30}} | 20 | 30",
        "{'size': {'shortest_edge': 20}, 'do_center_crop': true, 'crop_size': 16} | 16 | 16",
        "{'size': 20, 'crop_size': 16} | 20 | 20",
        "{'image_processor_type': 'BitImageProcessor', 'crop_size': {'height': 8, 'width': 9}} | 8 | 9",
        "{'feature_extractor_type': 'CLIPFeatureExtractor', 'size': 20, 'crop_size': 17} | 17 | 17",
        "{'image_processor': {'size': {'height': 5, 'width': 6}}, 'tokenizer': {}} | 5 | 6",
        "{'size': {'shortest_edge': 20}} | 33 | 44",
        "{'size': 21, 'do_resize': false} | 33 | 44",
        "{} | 33 | 44"
      })
  void theProcessorSaysHowLargeItsPicturesAre(String processor, int rows, int columns)
      throws IOException {
    assertThat(wanted(processor)).isEqualTo(new Extent(rows, columns));
  }

  @Test
  void withoutAProcessorTheConfigurationSaysIt() {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      assertThat(ImageResolution.wanted(checkpoint, CONFIGURED)).isEqualTo(CONFIGURED);
    }
  }

  @Test
  void aSizeThatIsNoneIsRefused() {
    assertThatThrownBy(() -> wanted("{'size': {'height': 0, 'width': 6}}"))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("'size.height' of the image processor must be 1 to 8192 pixels");
    assertThatThrownBy(() -> wanted("{'size': 1e9}")).isInstanceOf(ModelLoadException.class);
  }

  private Extent wanted(String processor) throws IOException {
    Files.writeString(folder.resolve("preprocessor_config.json"), processor.replace('\'', '"'));
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      return ImageResolution.wanted(checkpoint, CONFIGURED);
    }
  }
}
