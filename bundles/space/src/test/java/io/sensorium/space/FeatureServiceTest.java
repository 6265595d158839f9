package io.sensorium.space;

import static io.sensorium.space.EngineFixture.numbers;
import static io.sensorium.space.EngineFixture.soon;
import static io.sensorium.space.EngineFixture.sumOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.InferenceException;
import io.sensorium.api.space.Features;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeatureServiceTest {
  @Test
  void statesComeWithTheEmbeddingAndSayWhoseTheyAre() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();

      Features features =
          fixture.engine.features(numbers("3 5 7"), Optional.of(FakeModel.STATES), soon());

      Tensor states = features.tokens().orElseThrow();
      assertThat(states.shape()).isEqualTo(Shape.of(3, 1));
      assertThat(states.asFloats().get(2)).isEqualTo(7);
      assertThat(sumOf(features.embedding(), 3)).isCloseTo(15, within(1e-3));
      assertThat(features.encoder()).isEqualTo("world-numbers");
      assertThat(features.encoderVersion()).isEqualTo("1");
    }
  }

  @Test
  void theEmbeddingAloneIsWhatEveryoneGets() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();

      Features features = fixture.engine.features(numbers("2 4"), Optional.empty(), soon());

      assertThat(features.tokens()).isEmpty();
      assertThat(features.embedding()).isEqualTo(fixture.engine.embed(numbers("2 4"), soon()));
    }
  }

  @Test
  void anOutputThatTheEncoderHasNotIsACallersMistake() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();

      assertThatThrownBy(
              () -> fixture.engine.features(numbers("1"), Optional.of("last_hidden_state"), soon()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must give 'last_hidden_state' float32[n,tokens,width]")
          .hasMessageContaining("world-numbers 1");
    }
  }

  @Test
  void aRunThatFailsFailsTheRequest() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      String poison = Float.toString(FakeRuntime.POISON);

      assertThatThrownBy(
              () -> fixture.engine.features(numbers(poison), Optional.of("states"), soon()))
          .isInstanceOf(InferenceException.class);
      assertThat(fixture.engine.embed(numbers("1"), soon()).norm()).isCloseTo(1, within(1e-4));
    }
  }
}
