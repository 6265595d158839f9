package io.sensorium.models.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealTransformTest {
  @ParameterizedTest
  @ValueSource(ints = {4, 6, 8, 10, 14, 22, 60, 90, 128, 294, 400, 512, 600, 1024, 2042})
  void thePowerSpectrumEqualsTheDefinition(int length) {
    long seed = 7021L + length;
    double[] signal = new Random(seed).doubles(length, -1, 1).toArray();
    var power = new double[length / 2 + 1];
    new RealTransform(length).power(signal.clone(), new double[length], power);
    for (int k = 0; k < power.length; k++) {
      double real = 0;
      double imaginary = 0;
      for (int n = 0; n < length; n++) {
        real += signal[n] * Math.cos(2 * Math.PI * k * n / length);
        imaginary -= signal[n] * Math.sin(2 * Math.PI * k * n / length);
      }
      assertThat(power[k])
          .as("seed %d, length %d, k %d", seed, length, k)
          .isCloseTo(real * real + imaginary * imaginary, within(1e-12 * length * length));
    }
  }

  @Test
  void lengthsThatCannotBeHalvedAreRefused() {
    assertThatThrownBy(() -> new RealTransform(401))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a transform needs an even length of at least 4; got 401");
  }
}
