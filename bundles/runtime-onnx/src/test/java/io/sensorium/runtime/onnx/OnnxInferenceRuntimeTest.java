package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.ShapeMismatchException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.runtime.SessionStatus;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
final class OnnxInferenceRuntimeTest extends RuntimeFixture {
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void everyElementTypeCrossesUnchangedFromHeapAndOffHeap(ElementType type) throws IOException {
    ModelGraph model =
        Graphs.write(
            temporary,
            "identity",
            Graphs.identity(onnxType(type)),
            Map.of(),
            List.of(spec("x", type, 3)),
            List.of(spec("y", type, 3)));
    byte[] bytes = new byte[7 * 3 * type.bytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (type == ElementType.BOOL ? i & 1 : i * 31);
    }
    Tensor heap = Tensor.of(type, Shape.of(7, 3), MemorySegment.ofArray(bytes));
    Tensor offHeap = Tensor.allocate(type, Shape.of(7, 3));
    offHeap.data().copyFrom(heap.data());
    Tensor unaligned;
    try (SessionLease lease = runtime.lease(model, soon());
        Arena arena = Arena.ofConfined()) {
      MemorySegment odd = arena.allocate(bytes.length + 1, 8).asSlice(1);
      unaligned = Tensor.of(type, Shape.of(7, 3), odd.copyFrom(heap.data()));
      for (Tensor input : List.of(heap, offHeap, unaligned)) {
        Tensor output = lease.run(Map.of("x", input), soon()).get("y");
        assertThat(output.type()).isEqualTo(type);
        assertThat(output.shape()).isEqualTo(Shape.of(7, 3));
        assertThat(output.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
        Tensor pinned = Tensor.allocate(type, Shape.of(7, 3));
        lease.run(Map.of("x", input), Map.of("y", pinned), soon());
        assertThat(pinned.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
      }
    }
  }

  @Test
  void floatsOnTheHeapAreAccepted() throws IOException {
    try (SessionLease lease = runtime.lease(identity("a"), soon())) {
      float[] values = {1, 2, 3};
      Tensor input = Tensor.of(ElementType.FLOAT32, Shape.of(1, 3), MemorySegment.ofArray(values));
      Tensor output = lease.run(Map.of("x", input), soon()).get("y");
      assertThat(floats(output)).containsExactly(1, 2, 3);
    }
  }

  @Test
  void anEmptyBatchGivesAnEmptyAnswer() throws IOException {
    try (SessionLease lease = runtime.lease(identity("a"), soon())) {
      Tensor output = lease.run(Map.of("x", Tensor.ofFloats(Shape.of(0, 3))), soon()).get("y");
      assertThat(output.shape()).isEqualTo(Shape.of(0, 3));
    }
  }

  @Test
  void outputsOutliveTheLeaseAndTheSession() throws IOException {
    ModelGraph model = identity("a");
    Tensor output;
    try (SessionLease lease = runtime.lease(model, soon())) {
      output = lease.run(Map.of("x", Tensor.ofFloats(Shape.of(1, 3), 4, 5, 6)), soon()).get("y");
    }
    assertThat(runtime.retire(model, soon())).isTrue();
    assertThat(floats(output)).containsExactly(4, 5, 6);
  }

  @Test
  void pinnedOutputsAreWrittenInPlace() throws IOException {
    try (SessionLease lease = runtime.lease(identity("a"), soon())) {
      Tensor batch = Tensor.allocate(ElementType.FLOAT32, Shape.of(5, 3));
      Tensor row = batch.row(3);
      lease.run(Map.of("x", Tensor.ofFloats(Shape.of(1, 3), 7, 8, 9)), Map.of("y", row), soon());
      assertThat(floats(batch)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 8, 9, 0, 0, 0);
      Tensor onHeap =
          Tensor.of(ElementType.FLOAT32, Shape.of(1, 3), MemorySegment.ofArray(new float[3]));
      Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(Shape.of(1, 3), 7, 8, 9));
      assertThatThrownBy(() -> lease.run(inputs, Map.of("y", onHeap), soon()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'y'");
      assertThatThrownBy(() -> lease.run(inputs, Map.of(), soon()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aWrongInputIsNamedBeforeNativeCodeSeesIt() throws IOException {
    try (SessionLease lease = runtime.lease(identity("a"), soon())) {
      assertThatThrownBy(() -> lease.run(Map.of("x", Tensor.ofFloats(Shape.of(1, 4))), soon()))
          .isInstanceOf(ShapeMismatchException.class)
          .hasMessage("input 'x' must be float32[n,3]; got float32[1,4] (model a 1)");
      assertThatThrownBy(() -> lease.run(Map.of("x", Tensor.ofLongs(Shape.of(1, 3))), soon()))
          .isInstanceOf(ShapeMismatchException.class)
          .hasMessage("input 'x' must be float32[n,3]; got int64[1,3] (model a 1)");
      assertThatThrownBy(() -> lease.run(Map.of(), soon()))
          .isInstanceOf(ShapeMismatchException.class)
          .hasMessage("input 'x' must be float32[n,3]; it is missing (model a 1)");
      Tensor good = Tensor.ofFloats(Shape.of(1, 3));
      assertThatThrownBy(() -> lease.run(Map.of("x", good, "z", good), soon()))
          .isInstanceOf(ShapeMismatchException.class)
          .hasMessage("unknown input 'z'; the model has [x] (model a 1)");
      assertThatThrownBy(
              () -> lease.run(Map.of("x", good), Map.of("y", Tensor.ofFloats(Shape.of(3))), soon()))
          .isInstanceOf(ShapeMismatchException.class)
          .hasMessageContaining("output 'y'");
    }
  }

  @Test
  void weightsBesideTheGraphAreUsedAndCounted() throws IOException {
    ModelGraph model = projection("weights.bin", 5, 24);
    try (SessionLease lease = runtime.lease(model, soon())) {
      Tensor output =
          lease.run(Map.of("x", Tensor.ofFloats(Shape.of(1, 3), 1, 10, 100)), soon()).get("y");
      assertThat(floats(output)).containsExactly(531, 642);
      SessionStatus status = runtime.sessions().get(0);
      assertThat(status.weightBytes()).isEqualTo(29 + Files.size(temporary.resolve("model.onnx")));
      assertThat(status.executionProvider()).isEqualTo("CPUExecutionProvider");
      assertThat(status.runs()).isEqualTo(1);
      assertThat(status.leases()).isEqualTo(1);
    }
  }

  private static int onnxType(ElementType type) {
    return OnnxMl.TensorProto.DataType.valueOf(
            switch (type) {
              case FLOAT32 -> "FLOAT";
              case FLOAT64 -> "DOUBLE";
              default -> type.name();
            })
        .getNumber();
  }

  @Test
  void theCpuIsTriedBeforeItIsCalledUsable() {
    assertThat(runtime.devices().get(0))
        .matches(status -> status.name().equals("cpu") && status.usable())
        .matches(status -> status.detail().startsWith("CPUExecutionProvider"));
    assertThat(runtime.configuredDevice()).isEqualTo("cpu");
  }

  @Test
  void askingForCudaWithoutCudaIsAnError() throws IOException {
    try (OnnxInferenceRuntime cuda = new OnnxInferenceRuntime("cuda:7", SessionSettings.DEFAULT)) {
      ModelGraph model = identity("a");
      assumeFalse(cuda.devices().get(0).usable(), "this machine has a cuda:7");
      assertThatThrownBy(() -> cuda.lease(model, soon()))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("cuda:7");
      assertThat(cuda.devices().get(0).name()).isEqualTo("cuda:7");
      assertThat(cuda.configuredDevice()).isEqualTo("cuda:7");
    }
  }

  @Test
  void theProbeGraphIsWhatTheGraphWriterWrites() throws IOException {
    try (var in = DeviceProbe.class.getResourceAsStream("probe.onnx")) {
      assertThat(in.readAllBytes()).isEqualTo(Graphs.probe().toByteArray());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "../weights.bin, 5, 24, files that the manifest lists",
    "/etc/passwd, 0, 24, files that the manifest lists",
    "'', 0, 24, files that the manifest lists",
    "*/_ORT_MEM_ADDR_/*, 4096, 24, files that the manifest lists",
    "weights.bin, 6, 24, inside 'weights.bin' of 29 bytes",
    "weights.bin, 30, 0, inside 'weights.bin' of 29 bytes",
    "weights.bin, -1, 24, a count of bytes",
    "weights.bin, 5, 99999999999999999, inside 'weights.bin'"
  })
  void weightsAnywhereElseAreRefused(String location, long offset, long length, String message)
      throws IOException {
    ModelGraph model = projection(location, offset, length);
    assertThatThrownBy(() -> runtime.lease(model, soon()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(message);
    assertThat(runtime.sessions()).isEmpty();
  }

  @Test
  void everyTruncatedGraphIsOneModelLoadException() throws IOException {
    ModelGraph model = projection("weights.bin", 5, 24);
    byte[] whole = Files.readAllBytes(temporary.resolve("model.onnx"));
    Graphs.cuts(whole.length - 20)
        .forEach(
            length -> {
              writeQuietly(temporary.resolve("model.onnx"), Arrays.copyOf(whole, length));
              assertThatThrownBy(() -> runtime.lease(model, soon()))
                  .isInstanceOf(ModelLoadException.class);
            });
  }

  @Test
  void aGraphThatIsNotWhatTheManifestSaysIsRefused() throws IOException {
    ModelGraph wrongName =
        Graphs.write(
            temporary.resolve("n"),
            "n",
            Graphs.identity(Graphs.FLOAT),
            Map.of(),
            List.of(spec("pixel_values", ElementType.FLOAT32, 3)),
            List.of(Y));
    assertThatThrownBy(() -> runtime.lease(wrongName, soon()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("input 'pixel_values' of the manifest must be in the graph");
    ModelGraph wrongShape =
        Graphs.write(
            temporary.resolve("s"),
            "s",
            Graphs.identity(Graphs.FLOAT),
            Map.of(),
            List.of(X),
            List.of(spec("y", ElementType.FLOAT32, 4)));
    assertThatThrownBy(() -> runtime.lease(wrongShape, soon()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("output 'y' must be float32[n,4]");
  }
}
