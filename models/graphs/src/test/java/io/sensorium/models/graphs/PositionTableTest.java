package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PositionTableTest {
  private static final int CHANNELS = 2;

  record Recording(PositionTable.Filter filter, Extent grid, Extent wanted, FloatBuffer values) {
    @Override
    public String toString() {
      return "%s from %s to %s".formatted(filter, grid, wanted);
    }
  }

  static List<Recording> recordings() throws IOException {
    Path file = Path.of("..", "reference", "position-tables", "recordings.csv");
    return Files.readAllLines(file).stream()
        .skip(1)
        .map(line -> recording(line.split(",", -1)))
        .toList();
  }

  private static Recording recording(String[] fields) {
    float[] values = new float[fields.length - 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(fields[i + 5]);
    }
    return new Recording(
        PositionTable.Filter.valueOf(fields[0]),
        new Extent(Integer.parseInt(fields[1]), Integer.parseInt(fields[2])),
        new Extent(Integer.parseInt(fields[3]), Integer.parseInt(fields[4])),
        FloatBuffer.wrap(values));
  }

  /** The formula of models/reference/position-tables/record.py, behind special tokens. */
  private static Tensor table(int specialTokens, Extent grid) {
    float[] values = new float[(int) (specialTokens + grid.area()) * CHANNELS];
    for (int i = 0; i < values.length; i++) {
      int index = i - specialTokens * CHANNELS;
      long noise = (((index + 7) * 2654435761L) >> 13) & 255;
      values[i] = index < 0 ? 100 + i : noise / 128f - 1;
    }
    return Tensor.ofFloats(Shape.of(1, specialTokens + grid.area(), CHANNELS), values);
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void gridsAreResampledAsTorchDoes(Recording recording) {
    PositionTable positions = new PositionTable(0, recording.grid(), recording.filter());
    Tensor resampled = positions.resample(table(0, recording.grid()), recording.wanted());
    assertThat(resampled.shape()).isEqualTo(Shape.of(1, recording.wanted().area(), CHANNELS));
    assertClose(resampled.asFloats(), 0, recording.values());
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void specialTokensKeepTheirRows(Recording recording) {
    PositionTable positions = new PositionTable(3, recording.grid(), recording.filter());
    FloatBuffer resampled =
        positions.resample(table(3, recording.grid()), recording.wanted()).asFloats();
    for (int i = 0; i < 3 * CHANNELS; i++) {
      assertThat(resampled.get(i)).isEqualTo(100f + i);
    }
    assertClose(resampled, 3 * CHANNELS, recording.values());
  }

  @Test
  void theLearnedSizeIsLeftAsItIs() {
    for (PositionTable.Filter filter : PositionTable.Filter.values()) {
      Extent grid = new Extent(5, 7);
      Tensor table = table(1, grid);
      Tensor resampled = new PositionTable(1, grid, filter).resample(table, grid);
      assertThat(resampled.asFloats()).isEqualTo(table.asFloats());
    }
  }

  /** Torch works in single precision; the values are about 1. */
  private static void assertClose(FloatBuffer actual, int offset, FloatBuffer expected) {
    assertThat(actual.capacity() - offset).isEqualTo(expected.capacity());
    for (int i = 0; i < expected.capacity(); i++) {
      assertThat(actual.get(offset + i))
          .as("value %d", i)
          .isCloseTo(expected.get(i), within(5e-6f));
    }
  }
}
