package io.sensorium.models.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KaldiFilterbankTest {
  private static final int RATE = 16_000;

  @SuppressWarnings("ArrayRecordComponent") // recordings are not compared with each other
  record Recording(String name, float[] signal, int bins, int frames, float[] features) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Recording> recordings() throws IOException {
    List<String> lines;
    try (var in = KaldiFilterbankTest.class.getResourceAsStream("/kaldi/recordings.csv")) {
      lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().skip(2).toList();
    }
    var recordings = new ArrayList<Recording>();
    int at = 0;
    while (at < lines.size()) {
      String[] fields = lines.get(at++).split(",", -1);
      int bins = Integer.parseInt(fields[2]);
      int frames = Integer.parseInt(fields[3]);
      var features = new float[frames * bins];
      for (int frame = 0; frame < frames; frame++) {
        String[] values = lines.get(at++).split(",", -1);
        for (int bin = 0; bin < bins; bin++) {
          features[frame * bins + bin] = Float.parseFloat(values[bin]);
        }
      }
      recordings.add(
          new Recording(
              "case " + String.join(" ", fields), signal(fields), bins, frames, features));
    }
    return recordings;
  }

  /** The formula of models/reference/kaldi/record.py. */
  private static float[] signal(String[] fields) {
    var signal = new float[Integer.parseInt(fields[1])];
    double tone = Double.parseDouble(fields[4]);
    double noise = Double.parseDouble(fields[5]);
    for (int i = Integer.parseInt(fields[6]); i < signal.length; i++) {
      long bits = ((i * 2654435761L) >>> 13) & 255;
      signal[i] =
          (float) (tone * Math.sin(2 * Math.PI * 440 * i / RATE) + noise * (bits / 128.0 - 1));
    }
    return signal;
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void equalsTheReferenceWithinItsRounding(Recording recording) {
    var filterbank = new KaldiFilterbank(RATE, recording.bins);
    var target = FloatBuffer.allocate(recording.features.length);
    filterbank.writeNormalized(recording.signal, recording.frames, 0, 0.5, target);
    assertThat(target.remaining()).isZero();
    for (int i = 0; i < recording.features.length; i++) {
      assertThat(target.get(i))
          .as("value %d of %s", i, recording)
          .isCloseTo(recording.features[i], within(1e-3f));
    }
  }

  @Test
  void normalisesAfterPadding() {
    var filterbank = new KaldiFilterbank(RATE, 8);
    var target = FloatBuffer.allocate(3 * 8 + 1);
    filterbank.writeNormalized(new float[560], 3, -4, 2, target);
    float silence = (float) ((Math.log(0x1p-23) + 4) / 4);
    assertThat(target.position()).isEqualTo(24);
    for (int i = 0; i < 24; i++) {
      assertThat(target.get(i)).isCloseTo(i < 16 ? silence : 1f, within(1e-6f));
    }
  }

  @Test
  void aToneRaisesTheBinsAroundItsFrequency() {
    var filterbank = new KaldiFilterbank(48_000, 32, 50, 16_000);
    var tone = new float[4801];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) Math.sin(2 * Math.PI * 5000 * i / 48_000);
    }
    float[] features = filterbank.logMel(tone);
    assertThat(features).hasSize(filterbank.frames(tone.length) * 32);
    int highest = 0;
    for (int bin = 1; bin < 32; bin++) {
      highest = features[bin] > features[highest] ? bin : highest;
    }
    double lowest = Math.log1p(50 / 700.0);
    double step = (Math.log1p(16_000 / 700.0) - lowest) / 33;
    double expected = (Math.log1p(5000 / 700.0) - lowest) / step - 1;
    assertThat((double) highest).isCloseTo(expected, within(1.0));
  }

  @Test
  void refusesFrequenciesAboveHalfTheRate() {
    assertThatThrownBy(() -> new KaldiFilterbank(8000, 40, 20, 4001))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("highest <= 4000.0 Hz; got 20.0 and 4001.0");
  }
}
