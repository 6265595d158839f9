package io.sensorium.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaLimits;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratedPicturesTest {
  private final JvmMediaDecoder decoder = new JvmMediaDecoder();

  @ParameterizedTest
  @CsvSource({
    "png, 5, 1, 1", // BufferedImage.TYPE_3BYTE_BGR
    "png, 5, 7, 1021",
    "png, 6, 7, 5", // 4BYTE_ABGR
    "png, 10, 13, 3", // BYTE_GRAY
    "png, 12, 9, 5", // BYTE_BINARY
    "png, 13, 21, 2", // BYTE_INDEXED
    "gif, 13, 21, 33",
    "bmp, 5, 7, 3",
    "bmp, 13, 7, 3",
    "bmp, 12, 9, 3",
    "bmp, 8, 5, 4", // USHORT_565_RGB
    "bmp, 9, 5, 4", // USHORT_555_RGB
  })
  void whatTheJdkWritesIsReadBack(String format, int type, int width, int height)
      throws IOException {
    BufferedImage picture = picture(width, height, type);

    assertThat(rgb(decode(write(picture, format, false)))).isEqualTo(expected(picture));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "5, 4", "7, 9", "8, 8", "33, 17"})
  void interlacedPngIsReadBack(int width, int height) throws IOException {
    for (int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_BINARY, 6}) {
      BufferedImage picture = picture(width, height, type);
      assertThat(rgb(decode(write(picture, "png", true))))
          .as("type %d", type)
          .isEqualTo(expected(picture));
    }
  }

  @ParameterizedTest
  @CsvSource({"png", "jpeg", "gif", "bmp"})
  void theFormatIsToldByContent(String format) throws IOException {
    byte[] bytes = write(picture(9, 9, BufferedImage.TYPE_3BYTE_BGR), format, false);

    assertThat(decoder.identify(MediaSamples.input("misnamed.wav", bytes)))
        .hasValueSatisfying(type -> assertThat(type.mime()).isEqualTo("image/" + format));
  }

  private Image decode(byte[] bytes) {
    return decoder.decodeImage(MediaSamples.input("generated", bytes), MediaLimits.DEFAULT);
  }

  private static byte[] rgb(Image image) {
    return MediaSamples.rgb(image);
  }

  static BufferedImage picture(int width, int height, int type) {
    BufferedImage picture = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int alpha = picture.getColorModel().hasAlpha() ? (x * 40 + y * 10) & 0xFF : 0xFF;
        picture.setRGB(
            x,
            y,
            (alpha << 24) | ((x * 37 & 0xFF) << 16) | ((y * 29 & 0xFF) << 8) | (x * y & 0xFF));
      }
    }
    return picture;
  }

  private static byte[] expected(BufferedImage picture) {
    byte[] rgb = new byte[picture.getWidth() * picture.getHeight() * 3];
    boolean grey = picture.getType() == BufferedImage.TYPE_BYTE_GRAY;
    int write = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        int argb = picture.getRGB(x, y);
        int alpha = argb >>> 24;
        for (int shift = 16; shift >= 0; shift -= 8) {
          // getRGB takes Java's grey as linear light; the file holds the samples.
          int value = grey ? picture.getRaster().getSample(x, y, 0) : (argb >> shift) & 0xFF;
          rgb[write++] = (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
        }
      }
    }
    return rgb;
  }

  static byte[] write(BufferedImage picture, String format, boolean interlaced) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriteParam param = writer.getDefaultWriteParam();
    if (interlaced) {
      param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    }
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
