package io.sensorium.examples.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.model.Settings;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MotionFeaturesTest {
  private static final Map<String, Object> DECLARATION =
      Map.of(
          "feature_extractor_type", "MotionSpectrogram",
          "sampling_rate", 50,
          "window_length", 20,
          "fft_length", 25,
          "hop_length", 7,
          "num_frequencies", 11,
          "max_length", 5,
          "floor", 1e-4,
          "mean", -2.0,
          "std", 3.0);

  private static MotionFeatures declared(String key, Object value) {
    Map<String, Object> declaration = new HashMap<>(DECLARATION);
    declaration.put(key, value);
    return MotionFeatures.declaredBy(Settings.of("test", declaration));
  }

  private static MotionFeatures features() {
    return MotionFeatures.declaredBy(Settings.of("test", DECLARATION));
  }

  private static double[][] motion(int samples) {
    Random random = new Random(11);
    var axes = new double[3][samples];
    for (int i = 0; i < samples; i++) {
      axes[0][i] = random.nextGaussian();
      axes[1][i] = 0.5 * random.nextGaussian() + 0.3;
      axes[2][i] = 9.8 + 2 * Math.sin(2 * Math.PI * 6 * i / 50.0);
    }
    return axes;
  }

  private static FloatBuffer of(double[][] axes) {
    return features().of(new Acceleration(axes[0], axes[1], axes[2]), "test").asFloats();
  }

  @Test
  void everyValueIsTheLogarithmOfThePowerAlongOrAcrossGravity() {
    double[][] axes = motion(33);
    FloatBuffer actual = of(axes);
    assertThat(features().samples()).isEqualTo(48);
    assertThat(features().shape().toString()).isEqualTo("[1,5,22]");
    double[] mean = new double[3];
    for (int axis = 0; axis < 3; axis++) {
      for (double value : axes[axis]) {
        mean[axis] += value / 33;
      }
    }
    double strength = Math.sqrt(mean[0] * mean[0] + mean[1] * mean[1] + mean[2] * mean[2]);
    for (int frame = 0; frame < 5; frame++) {
      for (int k = 1; k <= 11; k++) {
        double squares = 0;
        double[] real = new double[4];
        double[] imaginary = new double[4];
        for (int i = 0; i < 20; i++) {
          double window = Math.pow(Math.sin(Math.PI * i / 20), 2);
          squares += window * window;
          int at = 7 * frame + i;
          for (int axis = 0; axis < 3 && at < 33; axis++) {
            double value = window * (axes[axis][at] - mean[axis]);
            real[axis] += value * Math.cos(2 * Math.PI * k * i / 25);
            imaginary[axis] += value * Math.sin(2 * Math.PI * k * i / 25);
          }
        }
        double all = 0;
        for (int axis = 0; axis < 3; axis++) {
          all += real[axis] * real[axis] + imaginary[axis] * imaginary[axis];
          real[3] += real[axis] * mean[axis] / strength;
          imaginary[3] += imaginary[axis] * mean[axis] / strength;
        }
        double along = (real[3] * real[3] + imaginary[3] * imaginary[3]) / squares;
        double across = all / squares - along;
        assertThat((double) actual.get(22 * frame + k - 1))
            .isCloseTo((Math.log(along + 1e-4) + 2) / 3, within(1e-5));
        assertThat((double) actual.get(22 * frame + 11 + k - 1))
            .isCloseTo((Math.log(across + 1e-4) + 2) / 3, within(1e-5));
      }
    }
  }

  @Test
  void howTheSensorIsTurnedMakesNoDifference() {
    double[][] axes = motion(48);
    double[][] turned = new double[3][48];
    double cos = Math.cos(0.7);
    double sin = Math.sin(0.7);
    for (int i = 0; i < 48; i++) {
      // About two axes, and with two of them exchanged.
      double y = cos * axes[1][i] - sin * axes[2][i];
      double z = sin * axes[1][i] + cos * axes[2][i];
      turned[1][i] = cos * axes[0][i] - sin * y;
      turned[0][i] = sin * axes[0][i] + cos * y;
      turned[2][i] = z;
    }
    FloatBuffer wanted = of(axes);
    FloatBuffer found = of(turned);
    for (int i = 0; i < wanted.capacity(); i++) {
      assertThat(found.get(i)).isCloseTo(wanted.get(i), within(1e-4f));
    }
    assertThat(wanted.get(2)).as("6 Hz is up and down").isGreaterThan(wanted.get(13) + 0.3f);
  }

  @Test
  void restAndWhatFollowsTheEndLieOnTheFloor() {
    double[] still = new double[20];
    double[] up = new double[20];
    java.util.Arrays.fill(up, -9.81);
    FloatBuffer actual = of(new double[][] {still, up, still});
    for (int i = 0; i < actual.capacity(); i++) {
      assertThat((double) actual.get(i)).isCloseTo((Math.log(1e-4) + 2) / 3, within(1e-5));
    }
  }

  @Test
  void shortRecordingsAndThoseWithoutGravityAreRefused() {
    assertThatThrownBy(() -> of(motion(19)))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessage("at least 0.40 s of motion are required; 'test' has 0.38 s");
    double[][] inUnitsOfGravity = motion(48);
    for (double[] axis : inUnitsOfGravity) {
      for (int i = 0; i < axis.length; i++) {
        axis[i] /= 9.80665;
      }
    }
    assertThatThrownBy(() -> of(inUnitsOfGravity))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("'test' has a mean of 1.0")
        .hasMessageEndingWith("for instance x[g]");
  }

  @Test
  void declarationsThatCannotBeHonouredAreRefused() {
    assertThatThrownBy(() -> declared("feature_extractor_type", "ASTFeatureExtractor"))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("must be MotionSpectrogram; got 'ASTFeatureExtractor'");
    assertThatThrownBy(() -> declared("fft_length", 19))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("fft_length must be 20 to 65536; got 19");
    assertThatThrownBy(() -> declared("max_length", 1_000_000))
        .isInstanceOf(ModelLoadException.class);
    assertThatThrownBy(() -> declared("floor", 0)).isInstanceOf(ModelLoadException.class);
    assertThatThrownBy(() -> declared("num_frequencies", 13))
        .isInstanceOf(ModelLoadException.class);
  }
}
