package io.sensorium.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.preprocessing.RgbPixels;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageProcessorTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  record Recording(RgbPixels source, Settings settings, Shape shape, String sha256) {
    @Override
    public String toString() {
      return "%dx%d to %s by %s"
          .formatted(source.width(), source.height(), shape, settings.text("image_processor_type"));
    }
  }

  static Stream<Recording> recordings() throws IOException {
    try (var in =
        ImageProcessorTest.class.getResourceAsStream("/image-processors/recordings.txt")) {
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
      return lines.stream().skip(1).map(line -> recording(line.split(" ", -1)));
    }
  }

  private static Recording recording(String[] fields) {
    try {
      Map<String, Object> declaration =
          new ObjectMapper().readValue(fields[2], new TypeReference<>() {});
      long[] planes = Arrays.stream(fields[3].split("x", -1)).mapToLong(Long::parseLong).toArray();
      return new Recording(
          source(Integer.parseInt(fields[0]), Integer.parseInt(fields[1])),
          Settings.of("recordings.txt", declaration),
          Shape.of(1, planes[0], planes[1], planes[2]),
          fields[4]);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The formula of models/reference/image-processors/record.py. */
  private static RgbPixels source(int width, int height) {
    byte[] bytes = new byte[width * height * 3];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (((i + 7) * 2654435761L) >>> 13);
    }
    return new RgbPixels(width, height, bytes);
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void picturesAreProcessedBitForBitAsTransformersDoes(Recording recording)
      throws NoSuchAlgorithmException {
    Tensor pixels = ImageProcessor.declaredBy(recording.settings()).process(recording.source());
    assertThat(pixels.shape()).isEqualTo(recording.shape());
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(pixels.data().asByteBuffer());
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(recording.sha256());
  }

  @Test
  void pixelsBecomePlanesOfNormalisedValues() {
    Settings settings =
        Settings.of("test", Map.of("do_resize", false, "image_mean", HALF, "image_std", HALF));
    byte[] rgb = new byte[12];
    for (int i = 0; i < 12; i++) {
      rgb[i] = (byte) (20 * i);
    }
    FloatBuffer values =
        ImageProcessor.declaredBy(settings).process(new RgbPixels(2, 2, rgb)).asFloats();
    for (int channel = 0; channel < 3; channel++) {
      for (int pixel = 0; pixel < 4; pixel++) {
        double expected = (20 * (3 * pixel + channel) / 255.0 - 0.5) / 0.5;
        assertThat((double) values.get(4 * channel + pixel)).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void aSliverOfAPictureIsRefusedBeforeItGrows() {
    Settings settings =
        Settings.of(
            "test",
            Map.of(
                "image_processor_type",
                "CLIPImageProcessor",
                "size",
                Map.of("shortest_edge", 224),
                "crop_size",
                224,
                "image_mean",
                HALF,
                "image_std",
                HALF));
    ImageProcessor processor = ImageProcessor.declaredBy(settings);
    RgbPixels sliver = new RgbPixels(1, 30_011, new byte[3 * 30_011]);
    assertThatThrownBy(() -> processor.process(sliver))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("1x30011 is too elongated");
  }

  @Test
  void declarationsThatCannotBeHonouredAreNamed() {
    refused(Map.of("image_processor_type", "FlavaImageProcessor"), "got 'FlavaImageProcessor'");
    refused(Map.of("size", 8, "image_std", HALF), "'image_mean' in test must be List; got null");
    refused(
        Map.of("size", 8, "image_mean", HALF, "image_std", List.of(1, 0.0, 1)),
        "'image_std' must have three values");
    refused(Map.of("size", 8, "resample", 9), "resample must be a Pillow filter; got 9");
    refused(Map.of("size", Map.of("height", 0, "width", 8)), "'size.height' must be 1 to 8192");
    refused(Map.of(), "'size.width' in test must be Number; got null");
  }

  private static void refused(Map<String, Object> declaration, String message) {
    assertThatThrownBy(() -> ImageProcessor.declaredBy(Settings.of("test", declaration)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(message);
  }
}
