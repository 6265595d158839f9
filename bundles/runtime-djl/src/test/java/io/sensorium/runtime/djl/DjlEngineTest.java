package io.sensorium.runtime.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.ShapeMismatchException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.importer.CheckpointImporter;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.packages.PackageFiles;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders in DJL's layout become packages whose graphs run like any other. */
class DjlEngineTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  private static final Path TORCHSCRIPT = REFERENCE.resolve("djl-torchscript").resolve("model");

  @TempDir Path folder;
  private DjlEngine engine;
  private OnnxInferenceRuntime runtime;

  @BeforeEach
  void open() {
    engine = new DjlEngine("cpu");
    runtime = new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(1)));
    runtime.addEngine(engine, Map.of(GraphEngine.RUNTIME, "djl"));
  }

  @AfterEach
  void close() {
    runtime.close();
    engine.close();
  }

  @Test
  void aTorchScriptFileIsImportedAndGivesWhatTorchGave() throws IOException {
    ModelPackage model = importFolder(TORCHSCRIPT, "torchscript");
    PackageFiles.verify(model.folder(), model.manifest());
    assertThat(model.manifest().licence().name()).isEqualTo("Apache-2.0");
    ModelGraph graph = model.graphs().getFirst();
    assertThat(graph.manifest().modality()).contains(Modality.IMAGE);
    assertThat(graph.manifest().preprocessing().integer("size.width")).isEqualTo(24);
    try (SessionLease lease = runtime.lease(graph, soon())) {
      assertThat(lease.executionProvider()).startsWith("DJL PyTorch 2.7").endsWith("on cpu");
      assertReproduces(lease, TORCHSCRIPT.resolve("golden.safetensors"));
    }
    assertThat(runtime.sessions()).hasSize(1);
    assertThat(runtime.retire(graph, soon())).isTrue();
    assertThat(runtime.sessions()).isEmpty();
  }

  @Test
  void withoutARecordingOneIsMade() throws IOException {
    Path plain = copy(TORCHSCRIPT);
    Files.delete(plain.resolve("golden.safetensors"));
    ModelPackage model = importFolder(plain, "recorded");
    try (SessionLease lease = runtime.lease(model.graphs().getFirst(), soon())) {
      assertReproduces(lease, model.file("golden.safetensors"));
    }
  }

  @Test
  void anOnnxFileRunsInDjlsOwnOnnxEngine() throws IOException {
    Path checkpoint = REFERENCE.resolve("vit-projected").resolve("checkpoint");
    ModelPackage plain = importFolder(checkpoint, "plain");
    Path onnx = Files.createDirectory(folder.resolve("onnx"));
    for (String file : new String[] {"model.onnx", "model.safetensors"}) {
      Files.createDirectories(onnx.resolve("graph"));
      Files.copy(plain.file(file), onnx.resolve("graph").resolve(file));
    }
    Files.writeString(
        onnx.resolve("djl.json"),
        """
        {"engine": "OnnxRuntime", "model": "graph", "modality": "image",
         "options": {"modelName": "model"},
         "inputs": [{"name": "pixel_values", "type": "float32", "shape": [-1, 3, 40, 40]}],
         "outputs": [{"name": "image_embeds", "type": "float32", "shape": [-1, 24]}]}
        """);
    ModelPackage model = importFolder(onnx, "onnx");
    try (SessionLease lease = runtime.lease(model.graphs().getFirst(), soon())) {
      assertThat(lease.executionProvider()).startsWith("DJL OnnxRuntime");
      assertReproduces(lease, checkpoint.resolve("golden.safetensors"));
    }
  }

  @Test
  void aModelIsFetchedFromItsAddressOnlyWhereThatIsAllowed() throws Exception {
    try (ModelServer server = ModelServer.serving(TORCHSCRIPT.resolve("model.pt"), folder)) {
      String url = "\"url\": \"%s\"".formatted(server.url());
      assertRefused(declare(url), server.url() + " (not fetched while ai.djl.offline is true)");
      System.setProperty("ai.djl.offline", "false");
      assertRefused(declare(url), server.url() + ": No model");
      // DJL takes nothing from addresses that are not public; this server is on this machine.
      System.setProperty("ai.djl.allow_insecure_url", "true");
      ModelPackage model = importFolder(declare(url), "fetched");
      try (SessionLease lease = runtime.lease(model.graphs().getFirst(), soon())) {
        assertReproduces(lease, TORCHSCRIPT.resolve("golden.safetensors"));
      }
      assertThat(runtime.sessions().getFirst().weightBytes())
          .isEqualTo(Files.size(TORCHSCRIPT.resolve("model.pt")));
    } finally {
      System.clearProperty("ai.djl.allow_insecure_url");
      System.setProperty("ai.djl.offline", "true");
    }
  }

  @Test
  void runsOverlapAndClosingWaitsForThem() throws Exception {
    ModelGraph graph = importFolder(TORCHSCRIPT, "overlapping").graphs().getFirst();
    DjlSession session = (DjlSession) engine.open(graph);
    List<Future<Map<String, Tensor>>> runs = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 97; i++) {
        Tensor pixels = Tensor.allocate(ElementType.FLOAT32, Shape.of(1 + i % 3, 3, 24, 24));
        runs.add(threads.submit(() -> session.run(Map.of("pixel_values", pixels), soon())));
        if (i == 60) {
          engine.close();
        }
      }
    }
    assertThat(runs.getFirst().get()).containsOnlyKeys("image_embeds", "last_hidden_state");
    assertThat(session.isOpen()).isFalse();
    assertThatThrownBy(() -> session.run(Map.of(), soon()))
        .isInstanceOf(ServiceGoneException.class);
    for (Future<?> run : runs) {
      assertThat(
              run.state() == Future.State.SUCCESS
                  || run.exceptionNow() instanceof ServiceGoneException)
          .isTrue();
    }
  }

  @Test
  void inputsAreCheckedBeforeTheEngineSeesThem() throws IOException {
    ModelGraph graph = importFolder(TORCHSCRIPT, "checked").graphs().getFirst();
    try (SessionLease lease = runtime.lease(graph, soon())) {
      Tensor wrong = Tensor.ofFloats(Shape.of(1, 2), 1, 2);
      assertThatThrownBy(() -> lease.run(Map.of("pixel_values", wrong), soon()))
          .isInstanceOf(ShapeMismatchException.class)
          .hasMessageContaining("'pixel_values' must be float32[n,3,24,24]");
    }
  }

  @Test
  void whenTheEngineGoesItsSessionsCloseAndItsGraphsWait() throws IOException {
    ModelGraph graph = importFolder(TORCHSCRIPT, "unplugged").graphs().getFirst();
    SessionLease lease = runtime.lease(graph, soon());
    runtime.removeEngine(engine, Map.of());
    assertThat(runtime.sessions()).hasSize(1);
    lease.close();
    assertThat(runtime.sessions()).isEmpty();
    assertThatThrownBy(() -> runtime.lease(graph, soon()))
        .isInstanceOf(ServiceGoneException.class)
        .hasMessageContaining("needs the runtime 'djl'; no active bundle provides it");
    runtime.addEngine(engine, Map.of(GraphEngine.RUNTIME, "djl"));
    runtime.lease(graph, soon()).close();
  }

  @Test
  void aMissingEngineIsNamedWithWhatToDo() throws IOException {
    Path declared = declare("\"engine\": \"MXNet\", \"model\": \"model.pt\"");
    Files.delete(declared.resolve("serving.properties"));
    assertRefused(declared, "needs DJL's engine 'MXNet' on the host's class path, which has [");
    assertRefused(declared, "SENSORIUM_DJL_ENGINES");
  }

  @Test
  void whatIsWronglyDeclaredIsRefusedAndLeavesNothing() throws IOException {
    String model = "\"model\": \"model.pt\"";
    assertRefused(declare("\"model\": \"absent.pt\""), "has no absent.pt");
    assertRefused(declare("\"model\": \"../../outside.pt\""), "leaves the checkpoint");
    assertRefused(declare("\"url\": \"file:///etc/passwd\""), "'url' must begin with one of");
    assertRefused(
        declare("\"url\": \"djl://ai.djl.pytorch/no-such-model\""),
        "cannot be opened by DJL's engine PyTorch");
    assertRefused(declare(model + ", \"modality\": \"no modality\""), "'modality' in djl.json");
    assertRefused(declare(model + ", \"options\": 7"), "'options' in djl.json must be an object");
    assertRefused(
        declare(model, "[-1, 7]", "float32"),
        "must be float32[n,7]; the model gives float32[2,12]");
    assertRefused(declare(model, "[-1, 12]", "float7"), "must be an element type");
    Path broken = declare(model);
    Files.write(broken.resolve("model.pt"), new byte[1_021]);
    assertRefused(broken, "cannot be opened by DJL's engine PyTorch");
    Path undeclared = copy(TORCHSCRIPT);
    Files.delete(undeclared.resolve("djl.json"));
    assertRefused(undeclared, "needs a djl.json that declares its modality, inputs and outputs");
  }

  private Path declare(String entries) throws IOException {
    return declare(entries, "[-1, 12]", "float32");
  }

  private Path declare(String entries, String shape, String type) throws IOException {
    Path copy = copy(TORCHSCRIPT);
    Files.deleteIfExists(copy.resolve("golden.safetensors"));
    Files.writeString(
        copy.resolve("djl.json"),
        """
        {%s,
         "inputs": [{"name": "pixel_values", "type": "float32", "shape": [-1, 3, 24, 24]}],
         "outputs": [{"name": "image_embeds", "type": "%s", "shape": %s}]}
        """
            .formatted(entries, type, shape));
    return copy;
  }

  private void assertRefused(Path checkpoint, String message) throws IOException {
    assertThatThrownBy(() -> importFolder(checkpoint, "refused"))
        .isInstanceOf(SensoriumException.class)
        .isNotInstanceOf(ServiceGoneException.class)
        .hasMessageContaining(message);
    try (Stream<Path> left = Files.list(folder.resolve("packages"))) {
      assertThat(left).isEmpty();
    }
    assertThat(runtime.sessions()).isEmpty();
  }

  private ModelPackage importFolder(Path checkpoint, String id) throws IOException {
    Files.createDirectories(folder.resolve("packages"));
    return new CheckpointImporter(runtime)
        .importCheckpoint(checkpoint, folder.resolve("packages").resolve(id), ImportRequest.of(id));
  }

  private Path copy(Path checkpoint) throws IOException {
    Path target = Files.createTempDirectory(folder, "copy-");
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    return target;
  }

  private static void assertReproduces(SessionLease lease, Path golden) {
    try (SafetensorsFile recorded = SafetensorsFile.open(golden)) {
      Map<String, Tensor> outputs =
          lease.run(Map.of("pixel_values", recorded.tensor("input.pixel_values")), soon());
      assertThat(outputs).isNotEmpty();
      outputs.forEach(
          (name, actual) -> {
            Tensor expected = recorded.tensor("output." + name);
            assertThat(actual.shape()).isEqualTo(expected.shape());
            for (int i = 0; i < expected.shape().elements(); i++) {
              assertThat(Math.abs(actual.asFloats().get(i) - expected.asFloats().get(i)))
                  .as("%s %d", name, i)
                  .isLessThanOrEqualTo(1e-5f);
            }
          });
    }
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofMinutes(1));
  }
}
