package io.sensorium.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.media.JvmMediaDecoder;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.graphs.GraphAuthor;
import io.sensorium.models.preprocessing.RgbPixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pictures beside the reference checkpoints become what the reference's processors recorded.
 */
class RecordedPicturesTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  private static final int MAX_BYTES = 1 << 20;
  private static final List<String> PROCESSORS =
      List.of("preprocessor_config.json", "processor_config.json", "open_clip_config.json");

  record Recording(Path checkpoint, Path picture) {
    /** Without the ending. */
    String tensor() {
      String file = picture.getFileName().toString();
      return "pre." + file.substring(0, file.lastIndexOf('.')) + ".pixel_values";
    }

    @Override
    public String toString() {
      return checkpoint.getParent().getFileName() + " " + picture.getFileName();
    }
  }

  static List<Recording> recordings() throws IOException {
    List<Recording> recordings = new ArrayList<>();
    try (Stream<Path> files = Files.walk(REFERENCE, 4)) {
      files
          .filter(file -> file.getParent().endsWith(Path.of("checkpoint", "media")))
          .filter(file -> file.toString().matches(".*[.](png|jpg)"))
          .sorted()
          .map(file -> new Recording(file.getParent().getParent(), file))
          .filter(recording -> declares(recording.checkpoint()))
          .forEach(recordings::add);
    }
    return recordings;
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void aPictureBecomesTheRecordedPixels(Recording recording) throws IOException {
    Image image =
        new JvmMediaDecoder()
            .decodeImage(MediaInput.read(recording.picture(), MAX_BYTES), MediaLimits.DEFAULT);
    Tensor pixels =
        processor(recording.checkpoint())
            .process(new RgbPixels(image.width(), image.height(), image.rgb()));
    Path golden = recording.checkpoint().resolve("golden.safetensors");
    try (SafetensorsFile recorded = SafetensorsFile.open(golden)) {
      Tensor expected = recorded.tensor(recording.tensor());
      assertThat(pixels.shape()).isEqualTo(expected.shape());
      assertThat(pixels.data().mismatch(expected.data())).isEqualTo(-1);
    }
  }

  private static boolean declares(Path checkpoint) {
    return PROCESSORS.stream().anyMatch(name -> Files.exists(checkpoint.resolve(name)));
  }

  /** What the family declares, overlaid by the processor's file, as an import does it. */
  private static ImageProcessor processor(Path folder) {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      Map<String, Object> declared = new LinkedHashMap<>();
      GraphAuthor.author(checkpoint).graphs().stream()
          .filter(graph -> graph.modality().equals(Optional.of(Modality.IMAGE)))
          .forEach(graph -> declared.putAll(graph.preprocessing()));
      checkpoint
          .settings("preprocessor_config.json")
          .ifPresent(settings -> declared.putAll(settings.asMap()));
      checkpoint
          .settings("processor_config.json")
          .flatMap(settings -> settings.find("image_processor"))
          .ifPresent(
              part ->
                  ((Map<?, ?>) part).forEach((key, value) -> declared.put((String) key, value)));
      return ImageProcessor.declaredBy(Settings.of(folder.toString(), declared));
    }
  }
}
