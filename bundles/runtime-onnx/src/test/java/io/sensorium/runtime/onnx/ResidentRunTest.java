package io.sensorium.runtime.onnx;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.InferenceException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.BlockTensor;
import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.runtime.TensorBlock;
import io.sensorium.api.runtime.TensorBlock.Kind;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ResidentRunTest {
  private static final TensorSpec X = spec("x");
  private static final TensorSpec Y = spec("y");

  @TempDir Path temporary;
  private final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", SessionSettings.of(1, false, 0, Duration.ofMillis(200)));

  @AfterEach
  void closeRuntime() {
    runtime.close();
  }

  @Test
  void runsOnTensorsThatStayWhereTheyAre() throws IOException {
    try (SessionLease lease = runtime.lease(identity(), soon())) {
      ResidentSession session = lease.resident().orElseThrow();
      try (TensorBlock block = session.allocate(Kind.EXCHANGED, 24);
          BoundRun run = session.bind()) {
        MemorySegment bytes = block.segment().orElseThrow();
        bytes.copyFrom(MemorySegment.ofArray(new float[] {1, 2, 3, 0, 0, 0}));
        run.bindInput("x", row(block, 0));
        run.bindOutput("y", row(block, 1));

        run.run(soon());

        assertThat(bytes.toArray(JAVA_FLOAT)).containsExactly(1, 2, 3, 1, 2, 3);
        assertThat(run.exchangedBytes()).isEqualTo(24);
        assertThat(runtime.sessions().getFirst().runs()).isEqualTo(1);
      }
    }
  }

  @Test
  void threadsOfModelsThatGenerateMayWaitBusilyAsLongAsIsSaid() throws IOException {
    for (int micros : new int[] {0, 1, 1000}) {
      SessionSettings settings = SessionSettings.of(2, false, micros, Duration.ofMillis(200));
      try (OnnxInferenceRuntime spinning = new OnnxInferenceRuntime("cpu", settings);
          SessionLease lease = spinning.lease(generating(identity()), soon())) {
        Tensor three = Tensor.ofFloats(Shape.of(1, 3), 1, 2, 3);

        assertThat(lease.run(Map.of("x", three), soon()).get("y").asFloats().get(2)).isEqualTo(3);
      }
    }
    assertThatThrownBy(() -> SessionSettings.of(2, false, -1, Duration.ofMillis(200)))
        .hasMessageContaining("decodeSpinMicros not negative; got 2, PT0.2S and -1");
  }

  @Test
  void endsWithItsRequestAndSaysWhatWasWrong() throws IOException {
    ModelGraph endless =
        Graphs.write(temporary, "endless", Graphs.endless(), Map.of(), List.of(X), List.of(Y));
    try (SessionLease lease = runtime.lease(endless, soon())) {
      ResidentSession session = lease.resident().orElseThrow();
      try (TensorBlock block = session.allocate(Kind.EXCHANGED, 24);
          BoundRun run = session.bind()) {
        assertThatThrownBy(() -> run.run(soon()))
            .isInstanceOf(InferenceException.class)
            .hasMessageContaining("endless");
        run.bindInput("x", row(block, 0));
        run.bindOutput("y", row(block, 1));
        EndedRun.endsAtItsDeadline(run::run);
      }
    }
  }

  @Test
  void doesNotRunAfterItsLease() throws IOException {
    SessionLease lease = runtime.lease(identity(), soon());
    ResidentSession session = lease.resident().orElseThrow();
    try (BoundRun run = session.bind()) {
      lease.close();
      assertThatThrownBy(() -> run.run(soon())).isInstanceOf(IllegalStateException.class);
    }
  }

  private ModelGraph identity() throws IOException {
    return Graphs.write(
        temporary, "identity", Graphs.identity(Graphs.FLOAT), Map.of(), List.of(X), List.of(Y));
  }

  private static ModelGraph generating(ModelGraph graph) {
    ModelManifest tested = graph.model().manifest();
    ModelManifest generation =
        new ModelManifest(
            tested.id(),
            tested.version(),
            ModelManifest.GENERATION,
            tested.architecture(),
            tested.space(),
            tested.licence(),
            tested.graphs(),
            tested.calibration(),
            tested.files());
    return new ModelPackage(generation, graph.model().folder()).graphs().getFirst();
  }

  private static BlockTensor row(TensorBlock block, int row) {
    return new BlockTensor(block, 12L * row, ElementType.FLOAT32, Shape.of(1, 3));
  }

  private static TensorSpec spec(String name) {
    return new TensorSpec(name, ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, 3));
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(30));
  }
}
