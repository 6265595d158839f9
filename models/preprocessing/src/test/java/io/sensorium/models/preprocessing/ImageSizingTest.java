package io.sensorium.models.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageSizingTest {
  @Test
  void theLongerEdgeIsTruncated() {
    assertThat(ImageSizing.shortestEdge(1024, 768, 224)).isEqualTo(new ImageSizing.Size(298, 224));
    assertThat(ImageSizing.shortestEdge(768, 1024, 224)).isEqualTo(new ImageSizing.Size(224, 298));
    assertThat(ImageSizing.shortestEdge(7, 7, 80)).isEqualTo(new ImageSizing.Size(80, 80));
    assertThat(ImageSizing.shortestEdge(3, 1000, 2)).isEqualTo(new ImageSizing.Size(2, 666));
  }

  @Test
  void theCentreIsCutWithTheOddPixelRightAndBelow() {
    RgbPixels image = columns(5, 4);

    RgbPixels cropped = ImageSizing.centreCrop(image, 2, 1);

    assertThat(cropped.width()).isEqualTo(2);
    assertThat(cropped.bytes()).containsExactly(11, 11, 11, 12, 12, 12);
  }

  @Test
  void aPictureSmallerThanTheCropIsPaddedWithBlack() {
    RgbPixels cropped = ImageSizing.centreCrop(columns(2, 1), 5, 2);

    assertThat(cropped.bytes())
        .containsExactly(
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, //
            0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0);
  }

  /** Every channel of a pixel is {@code 10 * row + column}. */
  private static RgbPixels columns(int width, int height) {
    byte[] bytes = new byte[width * height * 3];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (10 * (i / 3 / width) + i / 3 % width);
    }
    return new RgbPixels(width, height, bytes);
  }
}
