package io.sensorium.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedPicturesTest {
  private final JvmMediaDecoder decoder = new JvmMediaDecoder();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lossless.webp",
        "translucent.webp",
        "oriented.webp",
        "oriented.png",
        "palette-translucent.png",
        "grey16.png",
        "grey-alpha.png",
        "bits1.png",
        "keyed.png",
        "adaptive.gif",
        "palette.bmp",
        "bits1.bmp",
        "baseline444.jpg",
        "baseline420.jpg",
        "baseline422.jpg",
        "progressive.jpg",
        "grey.jpg",
        "rgb.jpg",
        "cmyk.jpg",
        "orientation1.jpg",
        "orientation2.jpg",
        "orientation3.jpg",
        "orientation4.jpg",
        "orientation5.jpg",
        "orientation6.jpg",
        "orientation7.jpg",
        "orientation8.jpg",
      })
  void picturesEqualPillow(String name) {
    assertThat(decode(name)).isEqualTo(MediaSamples.bytes(name.replaceAll("\\.\\w+$", ".rgb")));
  }

  /**
   * Lossy WebP chroma is upsampled without libwebp's smoothing (as FFmpeg does: 5.3 on the same
   * file), which shows at the edges of these tiny pictures.
   */
  @ParameterizedTest
  @CsvSource({
    "lossy.webp, 6",
    "translucent-lossy.webp, 3",
  })
  void lossyPicturesAreCloseToPillow(String name, double mostMeanDifference) {
    byte[] decoded = decode(name);
    byte[] expected = MediaSamples.bytes(name.replaceAll("\\.\\w+$", ".rgb"));

    assertThat(decoded).hasSameSizeAs(expected);
    double sum = 0;
    int most = 0;
    for (int i = 0; i < decoded.length; i++) {
      int difference = Math.abs((decoded[i] & 0xFF) - (expected[i] & 0xFF));
      sum += difference;
      most = Math.max(most, difference);
    }
    assertThat(sum / decoded.length)
        .as("mean difference (the largest is %d)", most)
        .isLessThanOrEqualTo(mostMeanDifference);
  }

  private byte[] decode(String name) {
    Image image = decoder.decodeImage(MediaSamples.input(name), MediaLimits.DEFAULT);
    return MediaSamples.rgb(image);
  }
}
