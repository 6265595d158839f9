package io.sensorium.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.media.JvmMediaDecoder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.preprocessing.RgbPixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pictures beside the reference checkpoints become what transformers' processors recorded. */
class RecordedPicturesTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  private static final int MAX_BYTES = 1 << 20;
  private static final String PROCESSOR = "preprocessor_config.json";

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
          .filter(file -> file.toString().endsWith(".png"))
          .sorted()
          .map(file -> new Recording(file.getParent().getParent(), file))
          .filter(recording -> Files.exists(recording.checkpoint().resolve(PROCESSOR)))
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
            .process(RgbPixels.copyOf(image.width(), image.height(), image.rgb()));
    Path golden = recording.checkpoint().resolve("golden.safetensors");
    try (SafetensorsFile recorded = SafetensorsFile.open(golden)) {
      Tensor expected = recorded.tensor(recording.tensor());
      assertThat(pixels.shape()).isEqualTo(expected.shape());
      assertThat(pixels.data().mismatch(expected.data())).isEqualTo(-1);
    }
  }

  private static ImageProcessor processor(Path checkpoint) throws IOException {
    String json = Files.readString(checkpoint.resolve(PROCESSOR));
    return ImageProcessor.declaredBy(
        Settings.of(PROCESSOR, new ObjectMapper().readValue(json, new TypeReference<>() {})));
  }
}
