package io.sensorium.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;

class SensoriumEmbeddingModelIT {
  @TempDir Path home;

  @Test
  void textsAndDocumentsBecomeUnitVectorsOfTheHostsSpace() {
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home))) {
      SensoriumEmbeddingModel model = SensoriumEmbeddingModel.of(sensorium);
      assertThat(model.dimensions()).isEqualTo(128);
      List<float[]> rows =
          model.embed(List.of("three red bells", "a large blue drum", "three bells in red"));
      assertThat(rows).allSatisfy(row -> assertThat(row).hasSize(128));
      assertThat(dot(rows.get(0), rows.get(2)))
          .isGreaterThan(dot(rows.get(0), rows.get(1)))
          .isLessThan(1.0001);
      // Not nearer: the default model's int8 graph quantises over the batch.
      assertThat(dot(model.embed(new Document("three red bells")), rows.getFirst()))
          .isGreaterThan(0.99);
      assertThatThrownBy(() -> SensoriumEmbeddingModel.of(sensorium, "nowhere").embed("x"))
          .hasMessageContaining("no such space: 'nowhere'");
    }
  }

  private static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
