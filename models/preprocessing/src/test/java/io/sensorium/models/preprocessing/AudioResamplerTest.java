package io.sensorium.models.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudioResamplerTest {
  private static final int EDGE_FRAMES = 400;

  @ParameterizedTest
  @CsvSource({"44100, 16000", "48000, 16000", "16000, 44100", "8000, 16000", "22050, 16001"})
  void thePassBandIsFlat(int sourceRate, int targetRate) {
    AudioResampler resampler = new AudioResampler(sourceRate, targetRate);
    double nyquist = Math.min(sourceRate, targetRate) / 2.0;
    for (double part = 0.01; part <= AudioResampler.PASS_BAND + 1e-9; part += 0.089) {
      double hertz = part * nyquist;
      float[] resampled = resampler.resample(sine(hertz, sourceRate, sourceRate / 4));

      double[] fit = fit(resampled, hertz, targetRate);

      assertThat(20 * Math.log10(fit[0])).as("gain in dB at %.0f Hz", hertz).isBetween(-0.01, 0.01);
      assertThat(20 * Math.log10(fit[1])).as("images in dB at %.0f Hz", hertz).isLessThan(-80);
    }
  }

  @ParameterizedTest
  @CsvSource({"44100, 16000", "48000, 16000", "48000, 44100", "16000, 7999"})
  void whatTheTargetCannotHoldIsEightyDecibelsDown(int sourceRate, int targetRate) {
    AudioResampler resampler = new AudioResampler(sourceRate, targetRate);
    for (double hertz = targetRate / 2.0; hertz < sourceRate / 2.0; hertz += sourceRate / 97.0) {
      float[] resampled = resampler.resample(sine(hertz, sourceRate, sourceRate / 4));

      assertThat(20 * Math.log10(rootMeanSquare(resampled) * Math.sqrt(2)))
          .as("alias in dB of %.0f Hz", hertz)
          .isLessThan(-80);
    }
  }

  @ParameterizedTest
  @CsvSource({"44100, 16000", "16000, 48000", "44101, 16000", "7, 5", "1535999, 16000"})
  void equalsTheDirectSum(int sourceRate, int targetRate) {
    long seed = 11;
    Random random = new Random(seed);
    float[] source = new float[1021];
    for (int i = 0; i < source.length; i++) {
      source[i] = random.nextFloat() * 2 - 1;
    }

    float[] resampled = new AudioResampler(sourceRate, targetRate).resample(source);

    assertThat(resampled).hasSize((int) Math.ceilDiv(1021L * targetRate, (long) sourceRate));
    double bandwidth = Math.min(1, (double) targetRate / sourceRate);
    int width = (int) Math.ceil(SincKernel.ZERO_CROSSINGS / bandwidth) + 1;
    for (int i = 0; i < resampled.length; i++) {
      double time = (double) i * sourceRate / targetRate;
      double sum = 0;
      double weights = 0;
      for (int tap = (int) time - width; tap <= (int) time + width; tap++) {
        double weight = SincKernel.exact((tap - time) * bandwidth);
        weights += weight;
        sum += tap >= 0 && tap < source.length ? weight * source[tap] : 0;
      }
      // Single precision sums of up to 12,000 products.
      assertThat((double) resampled[i])
          .as("sample %d, seed %d", i, seed)
          .isCloseTo(sum / weights, within(1e-5));
    }
  }

  @Test
  void equalRatesGiveTheSameSamples() {
    float[] source = {1, 2, 3};
    assertThat(new AudioResampler(16000, 16000).resample(source)).isSameAs(source);
  }

  @Test
  void anEmptySoundStaysEmpty() {
    assertThat(new AudioResampler(44100, 16000).resample(new float[0])).isEmpty();
  }

  @Test
  void channelsAreAveraged() {
    assertThat(AudioResampler.toMono(new float[] {1, 0, -1, 0.5f}, 2))
        .containsExactly(0.5f, -0.25f);
    assertThatThrownBy(() -> AudioResampler.toMono(new float[3], 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static float[] sine(double hertz, int rate, int frames) {
    float[] samples = new float[frames];
    for (int i = 0; i < frames; i++) {
      samples[i] = (float) Math.sin(2 * Math.PI * hertz * i / rate + 0.3);
    }
    return samples;
  }

  /** The amplitude of the sine that fits best, and the root mean square of the rest. */
  private static double[] fit(float[] samples, double hertz, int rate) {
    double cc = 0;
    double ss = 0;
    double cs = 0;
    double cx = 0;
    double sx = 0;
    for (int i = EDGE_FRAMES; i < samples.length - EDGE_FRAMES; i++) {
      double c = Math.cos(2 * Math.PI * hertz * i / rate);
      double s = Math.sin(2 * Math.PI * hertz * i / rate);
      cc += c * c;
      ss += s * s;
      cs += c * s;
      cx += c * samples[i];
      sx += s * samples[i];
    }
    double determinant = cc * ss - cs * cs;
    double a = (cx * ss - sx * cs) / determinant;
    double b = (sx * cc - cx * cs) / determinant;
    double rest = 0;
    for (int i = EDGE_FRAMES; i < samples.length - EDGE_FRAMES; i++) {
      double angle = 2 * Math.PI * hertz * i / rate;
      rest += Math.pow(samples[i] - a * Math.cos(angle) - b * Math.sin(angle), 2);
    }
    return new double[] {
      Math.hypot(a, b), Math.sqrt(rest / (samples.length - 2 * EDGE_FRAMES)) * Math.sqrt(2)
    };
  }

  private static double rootMeanSquare(float[] samples) {
    double sum = 0;
    for (int i = EDGE_FRAMES; i < samples.length - EDGE_FRAMES; i++) {
      sum += samples[i] * samples[i];
    }
    return Math.sqrt(sum / (samples.length - 2 * EDGE_FRAMES));
  }
}
