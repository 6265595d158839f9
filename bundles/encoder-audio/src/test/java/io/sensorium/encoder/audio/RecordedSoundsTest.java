package io.sensorium.encoder.audio;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.media.JvmMediaDecoder;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sounds beside the references become what the original feature extractors recorded. */
class RecordedSoundsTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  private static final int MAX_BYTES = 1 << 20;

  /** What the references themselves lose to float32. */
  private static final double TOLERANCE = 1e-3;

  record Recording(Path folder, Path sound) {
    /** The one tensor that was recorded of this sound. */
    Tensor expected(SafetensorsFile golden) {
      String file = sound.getFileName().toString();
      String prefix = "pre." + file.substring(0, file.lastIndexOf('.')) + ".";
      List<String> names = golden.names().stream().filter(n -> n.startsWith(prefix)).toList();
      assertThat(names).as(prefix).hasSize(1);
      return golden.tensor(names.getFirst());
    }

    Settings declaration() {
      try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
        return checkpoint.settings("preprocessor_config.json").orElseThrow();
      }
    }

    @Override
    public String toString() {
      return REFERENCE.relativize(sound).toString();
    }
  }

  static List<Recording> recordings() throws IOException {
    List<Recording> recordings = new ArrayList<>();
    try (Stream<Path> files = Files.walk(REFERENCE, 4)) {
      files
          .filter(file -> file.getParent().endsWith("media") && file.toString().endsWith(".wav"))
          .sorted()
          .map(file -> new Recording(file.getParent().getParent(), file))
          .filter(recording -> Files.exists(recording.folder.resolve("preprocessor_config.json")))
          .forEach(recordings::add);
    }
    return recordings;
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void aSoundBecomesTheRecordedFeatures(Recording recording) throws IOException {
    AudioClip clip =
        new JvmMediaDecoder()
            .decodeAudio(MediaInput.read(recording.sound, MAX_BYTES), MediaLimits.DEFAULT);
    AudioFeatures features = FeatureExtractors.declaredBy(recording.declaration());
    Tensor actual = features.of(clip);
    try (SafetensorsFile golden =
        SafetensorsFile.open(recording.folder.resolve("golden.safetensors"))) {
      Tensor expected = recording.expected(golden);
      assertThat(actual.shape()).isEqualTo(features.shape()).isEqualTo(expected.shape());
      FloatBuffer wanted = expected.asFloats();
      FloatBuffer found = actual.asFloats();
      double worst = 0;
      for (int i = 0; i < wanted.capacity(); i++) {
        worst = Math.max(worst, Math.abs(wanted.get(i) - found.get(i)));
      }
      assertThat(worst).as("largest difference").isLessThanOrEqualTo(TOLERANCE);
    }
  }

  @Test
  void everyExtractorIsRecorded() throws IOException {
    TreeSet<String> types = new TreeSet<>();
    for (Recording recording : recordings()) {
      types.add(recording.declaration().text("feature_extractor_type"));
    }
    assertThat(types)
        .contains(
            "ASTFeatureExtractor",
            "ClapFeatureExtractor",
            "ImageBindAudio",
            "WhisperFeatureExtractor");
  }
}
