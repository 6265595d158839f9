package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowGridTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 0", "8, 8, 0", "8, 4, 0", "8, 4, 2", "7, 4, 2", "12, 5, 2", "21, 7, 3"})
  void whatIsCutIsJoinedAgain(int side, int window, int shift) {
    WindowGrid grid = new WindowGrid(side, window, shift);
    long padding = (long) side * side;
    long[] cut = grid.cut();
    long[] joined = grid.joined();
    assertThat(cut).hasSize(grid.windows() * grid.tokensPerWindow());
    for (int token = 0; token < padding; token++) {
      assertThat(cut[(int) joined[token]]).isEqualTo(token);
    }
    assertThat(Arrays.stream(cut).filter(source -> source == padding).count())
        .isEqualTo(cut.length - padding);
    assertThat(grid.isPadded()).isEqualTo(cut.length > padding);
  }

  @ParameterizedTest
  @CsvSource({"8, 4, 2", "7, 4, 2", "21, 7, 3"})
  void tokensOfOneRegionLieTogether(int side, int window, int shift) {
    WindowGrid grid = new WindowGrid(side, window, shift);
    long padding = (long) side * side;
    long[] cut = grid.cut();
    long[] regions = grid.regions();
    int tokens = grid.tokensPerWindow();
    for (int first = 0; first < cut.length; first += tokens) {
      for (int place = first; place < first + tokens; place++) {
        boolean isToken = cut[first] < padding && cut[place] < padding;
        if (isToken && regions[place] == regions[first]) {
          assertThat(Math.abs(cut[place] % side - cut[first] % side)).isLessThan(window);
          assertThat(Math.abs(cut[place] / side - cut[first] / side)).isLessThan(window);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "4", "7"})
  void relativePositionsCoverTheWholeTable(int window) {
    WindowGrid grid = new WindowGrid(window, window, 0);
    assertThat(Arrays.stream(grid.relativePositions()).distinct().sorted().toArray())
        .isEqualTo(LongStream.range(0, grid.distances()).toArray());
  }
}
