package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Opens, runs and closes a session many times, and prints the resident bytes after each. Tensors
 * that nobody holds and blocks that the C library keeps for later are handed back before each
 * reading, since when that happens by itself depends on the machine.
 */
final class OpenAndClose {
  private OpenAndClose() {}

  /** Arguments: the package's folder, its width, items in a run, cycles. */
  public static void main(String[] arguments) throws Throwable {
    MethodHandle trim = trim();
    int width = Integer.parseInt(arguments[1]);
    ModelGraph graph = graph(Path.of(arguments[0]), manifest(width, 3));
    Shape input = Shape.of(Integer.parseInt(arguments[2]), width);
    SessionSettings settings = SessionSettings.of(1, false, 0, Duration.ofSeconds(1));
    try (OnnxInferenceRuntime runtime = new OnnxInferenceRuntime("cpu", settings)) {
      for (int cycle = 0; cycle < Integer.parseInt(arguments[3]); cycle++) {
        run(runtime, graph, input);
        if (!runtime.retire(graph, context())) {
          throw new IllegalStateException("the session is still open");
        }
        System.gc();
        int unused = (int) trim.invokeExact(0L);
        System.out.println(runtime.report().process().residentBytes().getAsLong());
      }
    }
  }

  /** {@code malloc_trim} of the GNU C library, which is what ONNX Runtime's builds need. */
  @SuppressWarnings("restricted") // The test enables native access for it.
  private static MethodHandle trim() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("malloc_trim"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
  }

  static void run(OnnxInferenceRuntime runtime, ModelGraph graph, Shape input) {
    try (SessionLease lease = runtime.lease(graph, context())) {
      lease.run(Map.of("x0", Tensor.ofFloats(input)), context());
    }
  }

  private static RequestContext context() {
    return RequestContext.within(Duration.ofSeconds(30));
  }

  /** What {@link Graphs#layers} is declared as. */
  static GraphManifest manifest(int width, int layers) {
    long parameters = (long) layers * width * width;
    Shape rows = Shape.of(Shape.DYNAMIC, width);
    return new GraphManifest(
            "graph",
            Optional.empty(),
            "model.onnx",
            List.of(new TensorSpec("x0", ElementType.FLOAT32, rows)),
            List.of(new TensorSpec("x" + layers, ElementType.FLOAT32, rows)),
            Settings.of("test", Map.of()))
        .with(new GraphMemory(parameters, Float.BYTES * parameters, 2L * width * Float.BYTES));
  }

  private static ModelGraph graph(Path folder, GraphManifest manifest) {
    ModelManifest model =
        new ModelManifest(
            "layers",
            "1",
            "test",
            "test",
            Optional.empty(),
            new ModelLicence("Apache-2.0", true),
            List.of(manifest),
            Settings.of("test", Map.of()),
            List.of(file(folder, "model.onnx"), file(folder, "weights.bin")));
    return new ModelPackage(model, folder).graphs().getFirst();
  }

  private static ModelFile file(Path folder, String name) {
    return new ModelFile(name, folder.resolve(name).toFile().length(), "0".repeat(64));
  }
}
