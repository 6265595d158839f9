package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A runtime on the processor, and small graphs for it. */
abstract class RuntimeFixture {
  static final TensorSpec X = spec("x", ElementType.FLOAT32, 3);
  static final TensorSpec Y = spec("y", ElementType.FLOAT32, 3);

  @TempDir Path temporary;
  final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", SessionSettings.of(1, false, 0, Duration.ofMillis(200)));

  @AfterEach
  void closeRuntime() {
    runtime.close();
  }

  ModelGraph identity(String id) throws IOException {
    return Graphs.write(
        temporary.resolve(id), id, Graphs.identity(Graphs.FLOAT), Map.of(), List.of(X), List.of(Y));
  }

  ModelGraph endless() throws IOException {
    return Graphs.write(
        temporary.resolve("endless"),
        "endless",
        Graphs.endless(),
        Map.of(),
        List.of(X),
        List.of(Y));
  }

  ModelGraph projection(String location, long offset, long length) throws IOException {
    return Graphs.write(
        temporary,
        "projection",
        Graphs.projection(location, offset, length),
        Map.of("weights.bin", Graphs.floats(5, 1, 2, 3, 4, 5, 6)),
        List.of(X),
        List.of(spec("y", ElementType.FLOAT32, 2)));
  }

  static void writeQuietly(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static float[] floats(Tensor tensor) {
    float[] values = new float[(int) tensor.shape().elements()];
    tensor.asFloats().get(values);
    return values;
  }

  static TensorSpec spec(String name, ElementType type, long width) {
    return new TensorSpec(name, type, Shape.of(Shape.DYNAMIC, width));
  }

  static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(30));
  }
}
