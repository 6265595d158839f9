package io.sensorium.space;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What the reference's preprocessing made of media that a package carries: {@code
 * media/<case>.<ext>} with {@code pre.<case>.<input>} in its golden file. Whoever is to feed the
 * package must make the same of them.
 */
final class RecordedCases {
  private static final String GOLDEN = "golden.safetensors";
  private static final String MEDIA = "media/";
  private static final String PREFIX = "pre.";
  private static final int MAXIMUM_CASES = 32;
  private static final long MAXIMUM_BYTES = 16L << 20;

  /** What the references themselves lose to float32. */
  private static final double TOLERANCE = 1e-3;

  private RecordedCases() {}

  /**
   * Prepares every recorded case of the graph and compares.
   *
   * @return what was prepared; empty if the package has no case for this graph
   * @throws ModelLoadException naming the first tensor that is not reproduced
   */
  static List<Map<String, Tensor>> reproduce(ModelGraph graph, Preprocessor preprocessor) {
    ModelManifest manifest = graph.model().manifest();
    List<Map<String, Tensor>> prepared = new ArrayList<>();
    if (pathsOf(manifest).noneMatch(GOLDEN::equals)
        || pathsOf(manifest).noneMatch(path -> path.startsWith(MEDIA))) {
      return prepared;
    }
    try (SafetensorsFile golden = SafetensorsFile.open(graph.model().file(GOLDEN))) {
      List<String> cases =
          pathsOf(manifest)
              .filter(path -> path.startsWith(MEDIA) && !recorded(graph, golden, path).isEmpty())
              .sorted()
              .limit(MAXIMUM_CASES)
              .toList();
      for (String path : cases) {
        MediaInput media = MediaInput.read(graph.model().file(path), MAXIMUM_BYTES);
        Map<String, Tensor> tensors = preprocessor.prepare(media);
        if (tensors == null) {
          throw new ModelLoadException(
              "the encoder answered nothing for %s of %s".formatted(path, graph));
        }
        for (String input : recorded(graph, golden, path)) {
          compare(
              tensorName(path, input) + " of " + graph,
              golden.tensor(tensorName(path, input)),
              tensors.get(input));
        }
        prepared.add(tensors);
      }
    }
    return prepared;
  }

  private static Stream<String> pathsOf(ModelManifest manifest) {
    return manifest.files().stream().map(ModelFile::path);
  }

  /** The inputs of the graph that were recorded for a file. */
  private static List<String> recorded(ModelGraph graph, SafetensorsFile golden, String path) {
    return graph.manifest().inputs().stream()
        .map(TensorSpec::name)
        .filter(input -> golden.contains(tensorName(path, input)))
        .toList();
  }

  private static String tensorName(String path, String input) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return PREFIX + (dot < 0 ? file : file.substring(0, dot)) + "." + input;
  }

  private static void compare(String name, Tensor recorded, Tensor actual) {
    if (actual == null
        || actual.type() != recorded.type()
        || !items(actual.shape()).equals(items(recorded.shape()))) {
      throw new ModelLoadException(
          "the encoder must reproduce %s: %s; got %s".formatted(name, recorded, actual));
    }
    if (recorded.type() != ElementType.FLOAT32) {
      if (recorded.data().mismatch(actual.data()) >= 0) {
        throw new ModelLoadException(
            "the encoder must reproduce %s exactly; it differs".formatted(name));
      }
      return;
    }
    FloatBuffer wanted = recorded.asFloats();
    FloatBuffer found = actual.asFloats();
    double scale = 1;
    double worst = 0;
    for (int i = 0; i < wanted.limit(); i++) {
      scale = Math.max(scale, Math.abs(wanted.get(i)));
      double difference = Math.abs((double) wanted.get(i) - found.get(i));
      worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
    }
    if (worst > TOLERANCE * scale) {
      throw new ModelLoadException(
          "the encoder must reproduce %s within %s; the largest difference is %s"
              .formatted(name, TOLERANCE * scale, worst));
    }
  }

  /** Dimensions without leading ones: a case may be recorded without the axis of items. */
  private static List<Long> items(Shape shape) {
    return LongStream.range(0, shape.rank())
        .mapToObj(axis -> shape.dimension((int) axis))
        .dropWhile(size -> size == 1)
        .toList();
  }
}
