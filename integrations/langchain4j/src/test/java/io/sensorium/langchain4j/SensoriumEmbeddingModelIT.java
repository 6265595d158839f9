package io.sensorium.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.CosineSimilarity;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SensoriumEmbeddingModelIT {
  private static final int MORE_THAN_AN_ENCODERS_QUEUE_TAKES = 1_100;

  @TempDir Path home;

  @Test
  void sentencesThatMeanTheSameAreNear() {
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home))) {
      SensoriumEmbeddingModel model = SensoriumEmbeddingModel.of(sensorium);
      assertThat(model.dimension()).isEqualTo(128);
      assertThat(model.modelName()).isEqualTo("world-text");
      List<TextSegment> segments =
          List.of(
              TextSegment.from("three small red bells"),
              TextSegment.from("a large blue drum"),
              TextSegment.from("two green birds"));
      List<Embedding> stored = model.embedAll(segments).content();
      Embedding wanted = model.embed("three little bells in red").content();
      List<Double> similarities =
          stored.stream().map(each -> CosineSimilarity.between(wanted, each)).toList();
      assertThat(similarities.getFirst()).isEqualTo(Collections.max(similarities));
      // Not nearer: the default model's int8 graph quantises over the batch.
      assertThat(model.embed(EncodeRequest.text("a large blue drum")))
          .satisfies(
              again ->
                  assertThat(CosineSimilarity.between(again, stored.get(1))).isGreaterThan(0.99));
      int many = MORE_THAN_AN_ENCODERS_QUEUE_TAKES;
      assertThat(model.embedAll(Collections.nCopies(many, TextSegment.from("a bell"))).content())
          .hasSize(many);
      assertThatThrownBy(() -> SensoriumEmbeddingModel.of(sensorium, "nowhere").embed("x"))
          .hasMessageContaining("no such space: 'nowhere'");
      assertThatThrownBy(() -> SensoriumEmbeddingModel.of(sensorium, "nowhere").dimension())
          .hasMessage("space 'nowhere' has no text encoder");
    }
  }
}
