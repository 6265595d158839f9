package io.sensorium.models.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The recordings of Whisper's and CLAP's own features are compared with in encoder-audio. */
class SlaneySpectrogramTest {
  private static final int BINS = 16;
  private static final SlaneySpectrogram.Framing FRAMING = new SlaneySpectrogram.Framing(400, 160);
  private final SlaneySpectrogram spectrogram =
      new SlaneySpectrogram(16_000, FRAMING, BINS, 0, 8_000);

  @Test
  void silenceAfterTheSamplesNeedsNoZeros() {
    long seed = 411;
    var random = new Random(seed);
    var samples = new float[1_021];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.nextFloat() - 0.5f;
    }
    float[] shortened = spectrogram.log10(samples, 4_000, 25);
    assertThat(shortened)
        .as("seed %d", seed)
        .containsExactly(spectrogram.log10(Arrays.copyOf(samples, 4_000), 4_000, 25));
    assertThat(Arrays.copyOfRange(shortened, 8 * BINS, 25 * BINS)).containsOnly(-10);
  }

  @Test
  void aToneRaisesTheBinsAroundItsFrequency() {
    var tone = new float[1_600];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) Math.sin(2 * Math.PI * 500 * i / 16_000);
    }
    float[] frame = Arrays.copyOfRange(spectrogram.log10(tone, 1_600, 6), 5 * BINS, 6 * BINS);
    int highest = 0;
    for (int bin = 1; bin < BINS; bin++) {
      highest = frame[bin] > frame[highest] ? bin : highest;
    }
    // Slaney's mel of 8 kHz, between 0 and which the triangles are spaced; 500 Hz are 7.5 mel.
    double step = (15 + Math.log(8) * 27 / Math.log(6.4)) / (BINS + 1);
    assertThat((double) highest).isCloseTo(7.5 / step - 1, within(1.0));
  }

  @Test
  void whatCannotBeComputedIsRefused() {
    assertThatThrownBy(() -> spectrogram.log10(new float[100], 200, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a signal needs more than 200 samples; got 100 of 200");
    assertThatThrownBy(() -> new SlaneySpectrogram(16_000, FRAMING, BINS, 50, 50))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 <= lowest < highest; got 50.0 and 50.0 Hz");
    assertThatThrownBy(() -> new SlaneySpectrogram.Framing(401, 160))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an even window of at least 4; got 160 and 401");
  }
}
