package io.sensorium.models.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class ImageNormalizerTest {
  private static final double[] MEAN = {0.48145466, 0.4578275, 0.40821073};
  private static final double[] DEVIATION = {0.26862954, 0.26130258, 0.27577711};

  @Test
  void writesPlanesInTheOrderRedGreenBlue() {
    ImageNormalizer normalizer = new ImageNormalizer(1 / 255.0, MEAN, DEVIATION);
    RgbPixels image = new RgbPixels(2, 1, new byte[] {0, (byte) 128, (byte) 255, 10, 20, 30});
    FloatBuffer target = FloatBuffer.allocate(6);

    normalizer.write(image, target);

    // Recorded from transformers' NumPy rescale and normalize of the same six values.
    assertThat(target.array())
        .containsExactly(
            -1.7922626f, -1.6462783f, 0.16889732f, -1.4519417f, 2.145897f, -1.0536178f);
    assertThat(target.remaining()).isZero();
  }

  @Test
  void aTargetThatIsTooSmallIsRefused() {
    ImageNormalizer normalizer = new ImageNormalizer(1 / 255.0, MEAN, DEVIATION);
    assertThatThrownBy(
            () -> normalizer.write(new RgbPixels(1, 1, new byte[3]), FloatBuffer.allocate(2)))
        .isInstanceOf(BufferOverflowException.class);
  }

  @Test
  void aZeroDeviationIsRefused() {
    assertThatThrownBy(() -> new ImageNormalizer(1, new double[3], new double[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
