package io.sensorium.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VorbisTransformTest {
  @ParameterizedTest
  @ValueSource(ints = {64, 128, 512})
  void equalsTheSumOfCosines(int size) {
    Random random = new Random(size);
    float[] spectrum = new float[size / 2];
    for (int i = 0; i < spectrum.length; i++) {
      spectrum[i] = random.nextFloat() - 0.5f;
    }
    float[] block = new float[size];

    new VorbisTransform(size).inverse(spectrum, block);

    for (int i = 0; i < size; i++) {
      double sum = 0;
      for (int k = 0; k < size / 2; k++) {
        sum += spectrum[k] * Math.cos(Math.PI / 2 / size * (2 * i + 1 + size / 2) * (2 * k + 1));
      }
      assertThat((double) block[i]).as("sample %d", i).isCloseTo(sum, within(2e-5));
    }
  }
}
