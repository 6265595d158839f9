package io.sensorium.api.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
  private static final SpaceId WORLD = new SpaceId("world", "1");

  @Test
  void comparingAcrossVersionsIsAnErrorAndNeverANumber() {
    Embedding old = of(WORLD, 1, 0);
    Embedding updated = of(new SpaceId("world", "2"), 1, 0);
    assertThatThrownBy(() -> old.cosine(updated))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("world@1")
        .hasMessageContaining("world@2");
    assertThatThrownBy(() -> old.plus(updated, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void arithmeticFollowsTheWeights() {
    Embedding sum = of(WORLD, 1, 0).plus(of(WORLD, 0, 1), 1).plus(of(WORLD, 1, 0), -0.5);
    assertThat(sum).isEqualTo(of(WORLD, 0.5f, 1));
    assertThat(sum.normalized().norm()).isCloseTo(1, within(1e-6));
    assertThat(sum.cosine(of(WORLD, 0, 1))).isCloseTo(1 / Math.sqrt(1.25), within(1e-6));
  }

  @Test
  void aVectorWithoutLengthHasNoDirection() {
    assertThatThrownBy(() -> of(WORLD, 0, 0).normalized())
        .isInstanceOf(IllegalStateException.class);
    assertThat(of(WORLD, 0, 0).cosine(of(WORLD, 1, 0))).isZero();
  }

  @Test
  void componentsMustBeFinite() {
    assertThatThrownBy(() -> of(WORLD, 1, Float.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("component 1");
  }

  private static Embedding of(SpaceId space, float... values) {
    return Embedding.of(space, FloatBuffer.wrap(values));
  }
}
