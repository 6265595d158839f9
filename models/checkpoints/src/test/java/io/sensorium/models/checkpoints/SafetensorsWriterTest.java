package io.sensorium.models.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsWriter.FloatTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir Path folder;

  @Test
  void sortsNamesAndAlignsTheData() throws IOException {
    Path file = folder.resolve("model.safetensors");
    var many = new float[70_001];
    many[70_000] = 5;
    SafetensorsWriter.write(
        file,
        Map.of(
            "b.weight", new FloatTensor(new long[] {1, 3}, new float[] {1, 2, 3}),
            "a.é", new FloatTensor(new long[0], new float[] {-0.5f}),
            "c", new FloatTensor(new long[] {70_001}, many),
            "empty", new FloatTensor(new long[] {0, 7}, new float[0])),
        Map.of("format", "pt"));

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = (int) bytes.getLong();
    assertThat(headerLength % 8).isZero();
    var header = new ObjectMapper().readTree(bytes.array(), 8, headerLength);
    var names = new ArrayList<String>();
    header.fieldNames().forEachRemaining(names::add);
    assertThat(names).containsExactly("__metadata__", "a.é", "b.weight", "c", "empty");
    assertThat(header.at("/b.weight/data_offsets/0").asInt()).isEqualTo(4);
    assertThat(header.at("/b.weight/shape").toString()).isEqualTo("[1,3]");
    assertThat(bytes.getFloat(8 + headerLength)).isEqualTo(-0.5f);
    assertThat(bytes.getFloat(8 + headerLength + 12)).isEqualTo(3f);
    assertThat(bytes.getFloat(bytes.capacity() - 4)).isEqualTo(5f);
    assertThat(bytes.capacity()).isEqualTo(8 + headerLength + 4 * (1 + 3 + 70_001));
  }

  @Test
  void writesTensorsOfEveryType() {
    Path file = folder.resolve("golden.safetensors");
    long[] many = new long[70_001];
    many[70_000] = -9;
    Map<String, Tensor> tensors =
        Map.of(
            "output.x", Tensor.ofFloats(Shape.of(1, 3), 1, -2, 3),
            "input.ids", Tensor.ofLongs(Shape.of(70_001), many),
            "heap",
                Tensor.of(
                    ElementType.FLOAT32, Shape.of(2), MemorySegment.ofArray(new float[] {4, 5})));
    SafetensorsWriter.writeTensors(file, tensors, Map.of());
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.names()).containsExactly("heap", "input.ids", "output.x");
      assertThat(read.tensor("output.x").shape()).isEqualTo(Shape.of(1, 3));
      assertThat(read.tensor("output.x").asFloats().get(1)).isEqualTo(-2);
      assertThat(read.tensor("input.ids").asLongs().get(70_000)).isEqualTo(-9);
      assertThat(read.tensor("heap").asFloats().get(1)).isEqualTo(5);
    }
  }

  @Test
  void leavesNothingBehindWhereTheFileCannotBeWritten() {
    Path file = folder.resolve("missing/model.safetensors");
    assertThatThrownBy(() -> SafetensorsWriter.write(file, Map.of(), Map.of()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAShapeThatDoesNotFitTheValues() {
    assertThatThrownBy(() -> new FloatTensor(new long[] {2, 3}, new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tensor of 6 elements was required; got 5 values");
  }
}
