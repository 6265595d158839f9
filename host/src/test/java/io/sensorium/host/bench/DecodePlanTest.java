package io.sensorium.host.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.model.Precision;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodePlanTest {
  @TempDir Path folder;

  @Test
  void saysWhichSizesThereAre() {
    assertThat(RandomLlama.parse("1B")).isEqualTo(RandomLlama.LARGE);
    assertThatThrownBy(() -> RandomLlama.parse("7b"))
        .hasMessage("a size must be one of [20m, 160m, 1b]; got '7b'");
  }

  @Test
  void refusesToMeasureNothing() {
    assertThatThrownBy(
            () ->
                new DecodePlan(
                    List.of(RandomLlama.TINY), List.of(Precision.INT8), 7, 1, false, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("8 to 512 tokens are required; got 7");
  }

  @Test
  void writesRandomWeightsThatBelongTogether() throws IOException {
    Path checkpoint = RandomLlama.TINY.writeTo(folder.resolve("llama"));

    try (SafetensorsFile weights = SafetensorsFile.open(checkpoint.resolve("model.safetensors"))) {
      FloatBuffer head = weights.tensor("lm_head.weight").asFloats();
      assertThat(head.remaining()).isEqualTo(RandomLlama.VOCABULARY * 512);
      double squares = 0;
      for (int i = 0; i < head.remaining(); i++) {
        squares += head.get(i) * head.get(i);
      }
      assertThat(Math.sqrt(squares / head.remaining())).isCloseTo(0.02, within(2e-4));
      assertThat(weights.tensor("model.norm.weight").asFloats().get(100)).isEqualTo(1);
    }
  }

  @Test
  void everyNumberOfMemoryIsRead() {
    try (BandwidthProbe probe = new BandwidthProbe(2)) {
      assertThat(probe.bytesPerSecond()).isPositive();
      long numbers = 1L << 24;
      assertThat(probe.sum()).isEqualTo(3 * 3 * 2 * (numbers * (numbers - 1) / 2));
    }
  }
}
