package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.StoredTensor;
import io.sensorium.models.checkpoints.TensorInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is what ONNX Runtime reads, number by number. */
class BlockQuantiserTest {
  private static final long SEED = 20261121;

  @TempDir Path folder;

  @ParameterizedTest(name = "{0} bits, blocks of {1}, {2} x {3}")
  @CsvSource({
    "4, 32, 7, 64",
    "4, 32, 1, 80",
    "4, 128, 13, 50",
    "8, 32, 7, 96",
    "8, 128, 5, 1021",
    "8, 128, 3, 128"
  })
  void onnxRuntimeMultipliesAndLooksUpWhatTheOracleUnpacks(
      int bits, int block, int rows, int columns) throws IOException, OrtException {
    float[] weight = random(rows * columns);
    Packed packed = pack(weight, rows, columns, new BlockFormat(bits, block));

    float[] unpacked = packed.unpack();
    for (int i = 0; i < weight.length; i++) {
      float step = Math.abs(packed.scale(i / columns, i % columns));
      // The largest number of the other sign may miss the range by one step; in 4 bits numbers are
      // cut off that do not fit into 0.79 of the range, whose least value is 8 steps away.
      float most = bits == 4 ? 1 + 8 * (1 / 0.79f - 1) : 1;
      assertThat(Math.abs(weight[i] - unpacked[i]))
          .as("seed %d", SEED)
          .isLessThan(1.001f * most * step);
    }
    float[] products = packed.multipliedByIdentity(folder);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        assertThat(products[column * rows + row]).isEqualTo(unpacked[row * columns + column]);
      }
    }
    if (packed.format().isEven(columns)) {
      assertThat(packed.lookedUp(folder)).isEqualTo(unpacked);
    }
  }

  @Test
  void blocksLoseNoMoreThanTheirBitsDemand() throws IOException {
    float[] weight = random(64 * 256);
    // Of normal numbers; the largest number's scale alone gives 0.086 and 0.103 in 4 bits.
    assertThat(relativeError(weight, new BlockFormat(4, 32))).isCloseTo(0.083, within(0.002));
    assertThat(relativeError(weight, new BlockFormat(4, 128))).isCloseTo(0.0975, within(0.002));
    assertThat(relativeError(weight, new BlockFormat(8, 128))).isCloseTo(0.0067, within(0.0004));
  }

  @Test
  void blocksOfZerosAndOfVanishingNumbersBecomeZero() throws IOException {
    float[] weight = new float[2 * 64];
    weight[70] = Float.MIN_VALUE;
    weight[100] = -3;

    float[] unpacked = pack(weight, 2, 64, new BlockFormat(4, 32)).unpack();

    weight[70] = 0;
    assertThat(unpacked).isEqualTo(weight);
  }

  private double relativeError(float[] weight, BlockFormat format) throws IOException {
    float[] unpacked = pack(weight, 64, 256, format).unpack();
    double error = 0;
    double size = 0;
    for (int i = 0; i < weight.length; i++) {
      error += Math.pow(weight[i] - unpacked[i], 2);
      size += Math.pow(weight[i], 2);
    }
    return Math.sqrt(error / size);
  }

  private static Packed pack(float[] weight, int rows, int columns, BlockFormat format)
      throws IOException {
    Tensor tensor = Tensor.ofFloats(Shape.of(rows, columns), weight);
    TensorInfo info = new TensorInfo("w", ElementType.FLOAT32, tensor.shape(), 0, 0);
    BlockQuantiser quantiser = new BlockQuantiser(new StoredTensor("w", info, tensor), format);
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    ByteArrayOutputStream scales = new ByteArrayOutputStream();
    quantiser.writeValues(Channels.newChannel(values));
    quantiser.writeScales(Channels.newChannel(scales));
    FloatBuffer numbers =
        ByteBuffer.wrap(scales.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    return new Packed(format, rows, columns, ByteBuffer.wrap(values.toByteArray()), numbers);
  }

  private static float[] random(int numbers) {
    Random random = new Random(SEED);
    float[] values = new float[numbers];
    for (int i = 0; i < numbers; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** What was written, read naively, and by ONNX Runtime. */
  private record Packed(
      BlockFormat format, int rows, int columns, ByteBuffer values, FloatBuffer scales) {
    private static final long FLOAT32_INPUT = 1;

    float scale(int row, int column) {
      return scales.get(row * format.blocks(columns) + column / format.block());
    }

    float[] unpack() {
      return UnpackedBlocks.of(values, scales, rows, columns, format.bits(), format.block());
    }

    float[] multipliedByIdentity(Path folder) throws IOException, OrtException {
      GraphBuilder graph = new GraphBuilder("multiply");
      Value x = graph.input("x", ElementType.FLOAT32, Shape.DYNAMIC, 1, columns);
      Value product =
          graph
              .node(GraphBuilder.MICROSOFT, "MatMulNBits")
              .in(x, values(graph, format.values(rows, columns)), scales(graph))
              .with("N", rows)
              .with("K", columns)
              .with("bits", format.bits())
              .with("block_size", format.block())
              .with("accuracy_level", FLOAT32_INPUT)
              .out("product", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, 1, rows));
      graph.output("y", product);
      float[] identity = new float[columns * columns];
      for (int i = 0; i < columns; i++) {
        identity[i * columns + i] = 1;
      }
      return run(folder, graph, Tensor.ofFloats(Shape.of(columns, 1, columns), identity));
    }

    float[] lookedUp(Path folder) throws IOException, OrtException {
      GraphBuilder graph = new GraphBuilder("look up");
      Value x = graph.input("x", ElementType.INT64, Shape.DYNAMIC);
      Value table = values(graph, format.flatValues(rows, columns));
      Value found =
          graph
              .node(GraphBuilder.MICROSOFT, "GatherBlockQuantized")
              .in(table, x, scales(graph))
              .with("bits", format.bits())
              .with("block_size", format.block())
              .with("gather_axis", 0)
              .with("quantize_axis", 1)
              .out("found", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, columns));
      graph.output("y", found);
      long[] all = LongStream.range(0, rows).toArray();
      return run(folder, graph, Tensor.ofLongs(Shape.of(rows), all));
    }

    private Value values(GraphBuilder graph, Shape shape) {
      Tensor tensor = Tensor.allocate(ElementType.UINT8, shape);
      tensor.data().copyFrom(MemorySegment.ofBuffer(values));
      return graph.constant("values", tensor);
    }

    private Value scales(GraphBuilder graph) {
      float[] numbers = new float[scales.capacity()];
      scales.get(0, numbers);
      return graph.constant("scales", Tensor.ofFloats(format.scales(rows, columns), numbers));
    }

    private static float[] run(Path folder, GraphBuilder graph, Tensor x)
        throws IOException, OrtException {
      Path file = Files.createTempDirectory(folder, "graph").resolve("model.onnx");
      Files.write(file, graph.build().toByteArray());
      try (OnnxRun run = OnnxRun.open(file)) {
        FloatBuffer result = run.run(Map.of("x", x)).get("y").asFloats();
        float[] found = new float[result.remaining()];
        result.get(found);
        return found;
      }
    }
  }
}
