package io.sensorium.runtime.onnx.binding;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sensorium.api.InferenceException;
import io.sensorium.api.ShapeMismatchException;
import io.sensorium.api.runtime.BlockTensor;
import io.sensorium.api.runtime.TensorBlock;
import io.sensorium.api.runtime.TensorBlock.Kind;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OnnxBindingTest {
  private static final int WIDTH = 3;

  private OrtSession session;
  private OrtApi api;
  private OrtSession.RunOptions options;

  @BeforeEach
  void open() throws OrtException {
    session = OrtEnvironment.getEnvironment().createSession(accumulator());
    options = new OrtSession.RunOptions();
    api = OrtApi.load();
  }

  @AfterEach
  void close() throws OrtException {
    options.close();
    session.close();
  }

  @Test
  void keepsAStateWhereItIsFromRunToRun() {
    try (HostMemory state = new HostMemory(Kind.RESIDENT, WIDTH * 4);
        HostMemory step = new HostMemory(Kind.EXCHANGED, WIDTH * 4);
        HostMemory result = new HostMemory(Kind.EXCHANGED, WIDTH * 4);
        OnnxBinding binding = binding()) {
      state.address().fill((byte) 0);
      MemorySegment written = step.segment().orElseThrow();
      binding.bindInput("state", tensor(state, 0));
      binding.bindInput("step", tensor(step, 0));
      binding.bindOutput("next", tensor(state, 0));
      binding.bindOutput("twice", tensor(result, 0));
      for (int run = 1; run <= 10; run++) {
        written.copyFrom(MemorySegment.ofArray(new float[] {1, 10, run}));
        binding.run(options);
      }

      assertThat(floats(result)).containsExactly(20, 200, 110);
      assertThat(floats(state)).containsExactly(10, 100, 55);
      assertThat(binding.exchangedBytes()).isEqualTo(10 * 2 * WIDTH * 4);
      assertThat(state.segment()).isEmpty();
    }
  }

  @Test
  void bindsPartsOfABlockAndBindsThemAnew() {
    try (HostMemory block = new HostMemory(Kind.EXCHANGED, 3 * WIDTH * 4);
        HostMemory result = new HostMemory(Kind.EXCHANGED, WIDTH * 4);
        OnnxBinding binding = binding()) {
      block
          .address()
          .copyFrom(MemorySegment.ofArray(new float[] {1, 2, 3, 10, 20, 30, 100, 200, 300}));
      binding.bindOutput("twice", tensor(result, 0));
      binding.bindInput("state", tensor(block, 0));
      binding.bindInput("step", tensor(block, 1));
      binding.bindOutput("next", tensor(block, 2));
      binding.run(options);
      assertThat(floats(result)).containsExactly(22, 44, 66);

      binding.bindInput("step", tensor(block, 2));
      binding.bindOutput("next", tensor(block, 1));
      binding.run(options);
      assertThat(floats(result)).containsExactly(24, 48, 72);
      assertThat(floats(block)).containsExactly(1, 2, 3, 12, 24, 36, 11, 22, 33);
    }
  }

  @Test
  void saysWhatOnnxRuntimeSaysAndGoesOn() {
    try (HostMemory memory = new HostMemory(Kind.EXCHANGED, 64);
        OnnxBinding binding = binding()) {
      assertThatThrownBy(() -> binding.bindInput("stat", tensor(memory, 0)))
          .isInstanceOf(ShapeMismatchException.class)
          .hasMessage("an input must be one of [state, step]; got 'stat'");
      binding.bindInput("state", tensor(memory, 0));
      binding.bindOutput("twice", tensor(memory, 1));
      assertThatThrownBy(() -> binding.run(options))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("step");
      binding.bindInput("step", tensor(memory, 0));
      binding.run(options);
    }
  }

  @Test
  void copiesBetweenBlocksWithinTheirBounds() {
    try (HostMemory from = new HostMemory(Kind.RESIDENT, 16);
        HostMemory to = new HostMemory(Kind.RESIDENT, 16)) {
      from.address().copyFrom(MemorySegment.ofArray(new float[] {1, 2, 3, 4}));
      to.address().fill((byte) 0);

      from.copy(4, to, 8, 8);

      assertThat(floats(to)).containsExactly(0, 0, 2, 3);
      assertThatThrownBy(() -> from.copy(12, to, 0, 8))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  private OnnxBinding binding() {
    MemorySegment handle = NativeHandles.of(session);
    return new OnnxBinding(api, handle, SessionNames.of(api, handle));
  }

  private static BlockTensor tensor(TensorBlock memory, int row) {
    return new BlockTensor(memory, (long) row * WIDTH * 4, ElementType.FLOAT32, Shape.of(1, WIDTH));
  }

  private static float[] floats(HostMemory memory) {
    return memory.address().toArray(JAVA_FLOAT);
  }

  /** {@code next = state + step; twice = next + next}, {@code float[n, 3]} each. */
  private static byte[] accumulator() {
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(10)
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(21))
        .setGraph(
            OnnxMl.GraphProto.newBuilder()
                .setName("accumulator")
                .addInput(info("state"))
                .addInput(info("step"))
                .addNode(add("state", "step", "next"))
                .addNode(add("next", "next", "twice"))
                .addOutput(info("next"))
                .addOutput(info("twice")))
        .build()
        .toByteArray();
  }

  private static OnnxMl.NodeProto add(String left, String right, String out) {
    return OnnxMl.NodeProto.newBuilder()
        .setOpType("Add")
        .addInput(left)
        .addInput(right)
        .addOutput(out)
        .build();
  }

  private static OnnxMl.ValueInfoProto info(String name) {
    OnnxMl.TensorShapeProto.Builder shape =
        OnnxMl.TensorShapeProto.newBuilder()
            .addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimParam("n"))
            .addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(WIDTH));
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            OnnxMl.TypeProto.newBuilder()
                .setTensorType(
                    OnnxMl.TypeProto.Tensor.newBuilder()
                        .setElemType(OnnxMl.TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }
}
