package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights in another precision give what the reference gave, as nearly as their bits allow. */
class PrecisionTest {
  private static final Path VIT = Path.of("..", "reference", "vit-projected", "checkpoint");

  @TempDir Path folder;

  static List<Path> recordedCheckpoints() throws IOException {
    return ReferenceParityTest.recordedCheckpoints().stream()
        .filter(path -> !isExport(path))
        .toList();
  }

  static List<Path> recordedEncoders() throws IOException {
    return recordedCheckpoints().stream().filter(path -> !isDecoder(path)).toList();
  }

  private static boolean isDecoder(Path path) {
    return path.getParent().getFileName().toString().matches(DecoderFamilyTest.CASES);
  }

  /** Exports keep the precision that they have. */
  private static boolean isExport(Path path) {
    return Files.exists(path.resolve("model.onnx")) || Files.exists(path.resolve("onnx"));
  }

  @ParameterizedTest
  @MethodSource("recordedCheckpoints")
  void halvesOfWeightsKeepThreeDigits(Path path) throws IOException, OrtException {
    compare(path, Precision.FLOAT16, 5e-3, 0.9999);
  }

  @ParameterizedTest
  @MethodSource("recordedCheckpoints")
  void bytesOfWeightsKeepTheDirection(Path path) throws IOException, OrtException {
    // Logits of random decoders are sums that nothing in them was trained to keep apart.
    compare(path, Precision.INT8, 0.2, isDecoder(path) ? 0.98 : 0.99);
  }

  @ParameterizedTest
  @MethodSource("recordedEncoders")
  void halfBytesOfWeightsKeepMostOfTheDirection(Path path) throws IOException, OrtException {
    // A weight loses 8 % of its size in int4, and these tiny models have little to average over.
    compare(path, Precision.INT4, 0.6, 0.9);
  }

  @Test
  void bfloat16IsWidenedOnceAndExactly() throws IOException, OrtException {
    Path rounded = checkpointOf(PrecisionTest::toBfloat16);
    Path widened = checkpointOf(tensor -> FloatTensors.widen(toBfloat16(tensor)));
    Tensor pixels = goldenInputs().get("pixel_values");
    Tensor expected = run(widened, Precision.FLOAT32, pixels);
    assertThat(Difference.between(run(rounded, Precision.FLOAT32, pixels), expected).maxAbs())
        .isZero();
    try (CheckpointFolder checkpoint = CheckpointFolder.open(rounded)) {
      AuthoredModel model = GraphAuthor.author(checkpoint);
      assertThat(model.weightFiles()).isEmpty();
      assertThat(model.converted().orElseThrow().bytes()).isEqualTo(bytesOf(widened));
    }
  }

  @Test
  void weightsOfFloat32AndFloat16StayInPlace() throws IOException {
    for (Path path : List.of(VIT, checkpointOf(PrecisionTest::toFloat16))) {
      try (CheckpointFolder checkpoint = CheckpointFolder.open(path)) {
        AuthoredModel model = GraphAuthor.author(checkpoint);
        assertThat(model.converted()).isEmpty();
        assertThat(model.weightFiles()).containsExactly("model.safetensors");
      }
    }
  }

  @Test
  void anItemDoesNotDependOnItsBatchInInt8() throws IOException, OrtException {
    Tensor pixels = goldenInputs().get("pixel_values");
    assertThat(pixels.shape().dimension(0)).isGreaterThan(1);
    Tensor together = run(VIT, Precision.INT8, pixels);
    for (int row = 0; row < pixels.shape().dimension(0); row++) {
      Tensor alone = run(VIT, Precision.INT8, pixels.row(row));
      assertThat(Difference.between(alone, together.row(row)).maxAbs()).isLessThan(1e-6);
    }
  }

  @Test
  void rowsOfZerosStayFinite() throws IOException, OrtException {
    Tensor pixels =
        Tensor.allocate(ElementType.FLOAT32, goldenInputs().get("pixel_values").shape());
    Path zeros = checkpointOf(tensor -> Tensor.allocate(tensor.type(), tensor.shape()));
    Tensor output = run(zeros, Precision.INT8, pixels);
    for (int i = 0; i < output.shape().elements(); i++) {
      assertThat(output.asFloats().get(i)).isZero();
    }
  }

  @Test
  void everyOutputChannelHasItsScale() throws IOException {
    String name = "encoder.layer.1.intermediate.dense.weight";
    Path target = Files.createDirectories(folder.resolve("scales"));
    try (CheckpointFolder checkpoint = CheckpointFolder.open(VIT)) {
      GraphAuthor.author(checkpoint, Precision.INT8).converted().orElseThrow().writeTo(target);
      Tensor original = checkpoint.weights().get(name).tensor();
      try (SafetensorsFile file = SafetensorsFile.open(target.resolve("weights.safetensors"))) {
        Tensor integers = file.tensor(name + ".int8");
        Tensor scales = file.tensor(name + ".scale");
        int rows = (int) original.shape().dimension(0);
        int columns = (int) original.shape().dimension(1);
        assertThat(integers.shape()).isEqualTo(Shape.of(columns, rows));
        for (int row = 0; row < rows; row++) {
          float scale = scales.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * row);
          int largest = 0;
          for (int column = 0; column < columns; column++) {
            byte value = integers.data().get(ValueLayout.JAVA_BYTE, (long) column * rows + row);
            float exact =
                original
                    .data()
                    .get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * (row * columns + column));
            assertThat(Math.abs(value * scale - exact)).isLessThanOrEqualTo(0.501f * scale);
            largest = Math.max(largest, Math.abs(value));
          }
          assertThat(largest).isEqualTo(127);
        }
      }
    }
  }

  @Test
  void weightsBeyondFloat16AreRefused() throws IOException {
    Path large = checkpointOf(tensor -> scaled(tensor, 1e7f));
    Path target = Files.createDirectories(folder.resolve("large"));
    try (CheckpointFolder checkpoint = CheckpointFolder.open(large)) {
      ConvertedWeights weights =
          GraphAuthor.author(checkpoint, Precision.FLOAT16).converted().orElseThrow();
      assertThatThrownBy(() -> weights.writeTo(target))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("beyond float16")
          .hasMessageContaining("--precision fp32");
    }
    assertThat(target).isEmptyDirectory();
  }

  private void compare(Path path, Precision precision, double tolerance, double cosine)
      throws IOException, OrtException {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path);
        SafetensorsFile golden = SafetensorsFile.open(path.resolve("golden.safetensors"))) {
      Map<String, Tensor> expected = tensors(golden, "output.");
      Map<String, Tensor> inputs = tensors(golden, "input.");
      AuthoredModel model = GraphAuthor.author(checkpoint, precision);
      for (AuthoredGraph graph : model.graphs()) {
        try (OnnxRun run = open(model, graph)) {
          Map<String, Tensor> actual = run.run(RecordedNames.inputsOf(graph, inputs));
          RecordedNames.outputsOf(graph, expected)
              .forEach(
                  (recorded, output) ->
                      assertThat(Difference.between(actual.get(output), expected.get(recorded)))
                          .as("%s of %s in %s", output, path, precision.label())
                          .matches(d -> d.maxAbs() <= tolerance * d.scale())
                          .matches(d -> d.cosine() >= cosine));
        }
      }
    }
  }

  private OnnxRun open(AuthoredModel model, AuthoredGraph graph) throws IOException, OrtException {
    Path target = Files.createTempDirectory(folder, "package");
    model.converted().orElseThrow().writeTo(target);
    graph.writeTo(target.resolve("model.onnx"));
    return OnnxRun.open(target.resolve("model.onnx"));
  }

  private Tensor run(Path path, Precision precision, Tensor pixels)
      throws IOException, OrtException {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path)) {
      AuthoredModel model = GraphAuthor.author(checkpoint, precision);
      AuthoredGraph graph = model.graphs().getFirst();
      try (OnnxRun run =
          model.converted().isPresent()
              ? open(model, graph)
              : OnnxRun.open(graph, checkpoint, Files.createTempDirectory(folder, "package"))) {
        return run.run(Map.of("pixel_values", pixels)).get("image_embeds");
      }
    }
  }

  private static Map<String, Tensor> goldenInputs() {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    try (SafetensorsFile golden = SafetensorsFile.open(VIT.resolve("golden.safetensors"))) {
      tensors(golden, "input.").forEach((name, tensor) -> inputs.put(name, copy(tensor)));
    }
    return inputs;
  }

  private static Tensor copy(Tensor tensor) {
    Tensor copy = Tensor.allocate(tensor.type(), tensor.shape());
    copy.data().copyFrom(tensor.data());
    return copy;
  }

  private static long bytesOf(Path path) {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path)) {
      return checkpoint.weights().values().stream()
          .mapToLong(stored -> stored.info().length())
          .sum();
    }
  }

  private Path checkpointOf(UnaryOperator<Tensor> change) throws IOException {
    Path target = Files.createTempDirectory(folder, "checkpoint");
    Files.copy(VIT.resolve("config.json"), target.resolve("config.json"));
    Map<String, Tensor> weights = new LinkedHashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(VIT.resolve("model.safetensors"))) {
      file.names().forEach(name -> weights.put(name, change.apply(file.tensor(name))));
      SafetensorsWriter.writeTensors(target.resolve("model.safetensors"), weights, Map.of());
    }
    return target;
  }

  private static Tensor toBfloat16(Tensor tensor) {
    Tensor half = Tensor.allocate(ElementType.BFLOAT16, tensor.shape());
    for (int i = 0; i < tensor.shape().elements(); i++) {
      int bits = Float.floatToRawIntBits(tensor.asFloats().get(i));
      half.data().setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> 16));
    }
    return half;
  }

  private static Tensor toFloat16(Tensor tensor) {
    Tensor half = Tensor.allocate(ElementType.FLOAT16, tensor.shape());
    for (int i = 0; i < tensor.shape().elements(); i++) {
      short bits = Float.floatToFloat16(tensor.asFloats().get(i));
      half.data().setAtIndex(ValueLayout.JAVA_SHORT, i, bits);
    }
    return half;
  }

  private static Tensor scaled(Tensor tensor, float factor) {
    Tensor scaled = Tensor.allocate(tensor.type(), tensor.shape());
    for (int i = 0; i < tensor.shape().elements(); i++) {
      scaled.asFloats().put(i, factor * tensor.asFloats().get(i));
    }
    return scaled;
  }

  private static Map<String, Tensor> tensors(SafetensorsFile file, String prefix) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    file.names().stream()
        .filter(name -> name.startsWith(prefix))
        .forEach(name -> tensors.put(name.substring(prefix.length()), file.tensor(name)));
    return tensors;
  }
}
