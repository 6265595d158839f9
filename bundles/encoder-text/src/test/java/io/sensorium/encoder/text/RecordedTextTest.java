package io.sensorium.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.graphs.AuthoredGraph;
import io.sensorium.models.graphs.GraphAuthor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The texts beside a recorded checkpoint become the tokens that its own processor made of them. */
class RecordedTextTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");

  static List<Path> checkpointsWithTexts() throws IOException {
    try (Stream<Path> files =
        Files.find(REFERENCE, 4, (path, a) -> path.endsWith("checkpoint/media"))) {
      return files
          .filter(media -> !texts(media).isEmpty())
          .map(Path::getParent)
          .filter(checkpoint -> Files.exists(checkpoint.resolve("tokenizer.json")))
          .sorted()
          .toList();
    }
  }

  private static List<Path> texts(Path media) {
    try (Stream<Path> files = Files.list(media)) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("checkpointsWithTexts")
  void tokensAreTheProcessors(Path path) throws IOException {
    TextEncoder encoder = new TextEncoder(new Utf8Decoder());
    try (SafetensorsFile golden = SafetensorsFile.open(path.resolve("golden.safetensors"));
        Preprocessor preprocessor = encoder.open(graphOf(path))) {
      int compared = 0;
      for (Path file : texts(path.resolve("media"))) {
        MediaInput text = MediaInput.ofText(Files.readString(file));
        String name = file.getFileName().toString().replace(".txt", "");
        for (Map.Entry<String, Tensor> actual : preprocessor.prepare(text).entrySet()) {
          String recorded = "pre.%s.%s".formatted(name, actual.getKey());
          if (golden.contains(recorded)) {
            assertThat(values(actual.getValue()))
                .as("%s of %s", recorded, path)
                .isEqualTo(values(golden.tensor(recorded)));
            compared++;
          }
        }
      }
      assertThat(compared).as(path.toString()).isPositive();
    }
  }

  /** The checkpoint as a package: what its text graph declares, overlaid by what its files say. */
  private static ModelGraph graphOf(Path path) throws IOException {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path)) {
      AuthoredGraph graph =
          GraphAuthor.author(checkpoint).graphs().stream()
              .filter(candidate -> candidate.modality().equals(Optional.of(Modality.TEXT)))
              .findFirst()
              .orElseThrow();
      Map<String, Object> settings = new HashMap<>(graph.preprocessing());
      checkpoint
          .settings("sentence_bert_config.json")
          .ifPresent(declared -> settings.putAll(declared.asMap()));
      return TestModels.of(path, settings, graph.inputs());
    }
  }

  private static List<Long> values(Tensor tensor) {
    return IntStream.range(0, (int) tensor.shape().elements())
        .mapToObj(i -> tensor.asLongs().get(i))
        .toList();
  }
}
