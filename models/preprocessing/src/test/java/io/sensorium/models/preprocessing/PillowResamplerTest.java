package io.sensorium.models.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PillowResamplerTest {
  record Recording(
      String kind, long seed, RgbPixels source, int width, int height, int code, String sha256) {
    @Override
    public String toString() {
      return "%s %dx%d to %dx%d, filter %d"
          .formatted(kind, source.width(), source.height(), width, height, code);
    }
  }

  static Stream<Recording> recordings() throws IOException {
    try (var in = PillowResamplerTest.class.getResourceAsStream("/pillow/recordings.csv")) {
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
      return lines.stream().skip(2).map(line -> recording(line.split(",", -1)));
    }
  }

  private static Recording recording(String[] fields) {
    long seed = Long.parseLong(fields[1]);
    int width = Integer.parseInt(fields[2]);
    int height = Integer.parseInt(fields[3]);
    return new Recording(
        fields[0],
        seed,
        source(width, height, seed, fields[0].equals("extremes")),
        Integer.parseInt(fields[4]),
        Integer.parseInt(fields[5]),
        Integer.parseInt(fields[6]),
        fields[7]);
  }

  /** The formula of models/reference/pillow/record.py. */
  private static RgbPixels source(int width, int height, long seed, boolean extremes) {
    byte[] bytes = new byte[width * height * 3];
    for (int i = 0; i < bytes.length; i++) {
      long noise = (((i + seed) * 2654435761L) >>> 13) & 255;
      bytes[i] = (byte) (extremes ? (noise >= 128 ? 255 : 0) : noise);
    }
    return new RgbPixels(width, height, bytes);
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void equalsPillowBitForBit(Recording recording) throws NoSuchAlgorithmException {
    RgbPixels resized =
        PillowResampler.resize(
            recording.source,
            recording.width,
            recording.height,
            ResizeFilter.ofPillowCode(recording.code));

    byte[] hash = MessageDigest.getInstance("SHA-256").digest(resized.bytes());
    assertThat(HexFormat.of().formatHex(hash)).isEqualTo(recording.sha256);
  }

  @Test
  void aUniformPictureStaysUniform() {
    byte[] bytes = new byte[9 * 7 * 3];
    java.util.Arrays.fill(bytes, (byte) 200);
    for (ResizeFilter filter : ResizeFilter.values()) {
      assertThat(PillowResampler.resize(new RgbPixels(9, 7, bytes), 31, 3, filter).bytes())
          .as("%s", filter)
          .containsOnly(200);
    }
  }

  @Test
  void anUnknownFilterIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> ResizeFilter.ofPillowCode(6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 (BICUBIC)")
        .hasMessageContaining("got 6");
  }

  @Test
  void aResultThatNoArrayHoldsIsRefused() {
    RgbPixels pixel = new RgbPixels(1, 1, new byte[3]);
    assertThatThrownBy(() -> PillowResampler.resize(pixel, 65535, 65535, ResizeFilter.BOX))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PillowResampler.resize(pixel, 0, 5, ResizeFilter.BOX))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
