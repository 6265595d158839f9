package io.sensorium.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaLimits;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JpegStreamTest {
  private static final long SEED = 20261121;

  /** Chroma of one or two columns is not interpolated; RGB needs no fast path. */
  private static final Set<String> LEFT_TO_THE_JDK =
      Set.of("422-1x1", "422-3x2", "420-1x1", "420-3x2", "rgb");

  private final JdkJpegDecoder jdk = new JdkJpegDecoder(JdkImageReaders.find("jpeg"));

  record Recording(String name, int width, int height, String sha256) {
    @Override
    public String toString() {
      return name;
    }

    byte[] bytes() throws IOException {
      return resource(name + ".jpg");
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = JpegStreamTest.class.getResourceAsStream("/jpeg/" + name)) {
      return in.readAllBytes();
    }
  }

  static Stream<Recording> recordings() throws IOException {
    String csv = new String(resource("recordings.csv"), StandardCharsets.US_ASCII);
    return csv.lines()
        .skip(1)
        .map(line -> line.split(",", -1))
        .map(f -> new Recording(f[0], Integer.parseInt(f[1]), Integer.parseInt(f[2]), f[3]));
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void pixelsEqualPillowsBitForBit(Recording recording)
      throws IOException, NoSuchAlgorithmException {
    Image image =
        new JvmMediaDecoder()
            .decodeImage(
                MediaSamples.input(recording.name, recording.bytes()), MediaLimits.DEFAULT);

    assertThat(image.width()).isEqualTo(recording.width);
    assertThat(image.height()).isEqualTo(recording.height);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(MediaSamples.rgb(image));
    assertThat(HexFormat.of().formatHex(hash)).isEqualTo(recording.sha256);
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void usualPicturesAreDecodedWithoutTheJdk(Recording recording) throws IOException {
    byte[] bytes = recording.bytes();
    JpegHeader header = header(bytes);

    if (LEFT_TO_THE_JDK.contains(recording.name)) {
      assertThatThrownBy(() -> JpegStream.decode(bytes, header))
          .isInstanceOf(UnusualJpegException.class);
    } else {
      assertThat(decode(bytes)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatTheJdkWritesIsDecodedAsTheJdkDoes(boolean progressive) throws IOException {
    System.out.printf("seed %d%n", SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 40; round++) {
      int width = 5 + random.nextInt(90);
      int height = 1 + random.nextInt(90);
      BufferedImage picture = picture(width, height, random);
      byte[] bytes = write(picture, 0.2f + 0.8f * random.nextFloat(), progressive);

      assertThat(decode(bytes))
          .as("%dx%d, round %d", width, height, round)
          .isEqualTo(jdk.decode(ByteBuffer.wrap(bytes), header(bytes)).rgb);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"420-restarts", "444-progressive", "grey-33x7", "one-by-one-420"})
  void missingCodedDataIsLeftToTheJdk(String name) throws IOException {
    byte[] whole = resource(name + ".jpg");
    int scan = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf("\u00ff\u00da") + 14;
    int cut = (scan + whole.length) / 2;
    byte[] damaged = Arrays.copyOf(whole, cut + 2);
    damaged[cut] = (byte) 0xFF;
    damaged[cut + 1] = (byte) 0xD9;
    JpegHeader header = header(damaged);

    assertThatThrownBy(() -> JpegStream.decode(damaged, header))
        .isInstanceOf(UnusualJpegException.class);
    Image image =
        new JvmMediaDecoder().decodeImage(MediaSamples.input(name, damaged), MediaLimits.DEFAULT);
    assertThat(MediaSamples.rgb(image)).isEqualTo(jdk.decode(ByteBuffer.wrap(damaged), header).rgb);
  }

  @Test
  void mutatedPicturesAreDecodedOrLeftToTheJdk() throws IOException {
    System.out.printf("seed %d%n", SEED);
    Random random = new Random(SEED);
    MediaLimits limits = new MediaLimits(1 << 20, 1 << 16, 1, java.time.Duration.ofMinutes(1));
    byte[][] files = {
      resource("420-restarts.jpg"),
      resource("444-progressive-restarts.jpg"),
      resource("422-optimised.jpg"),
      resource("440.jpg"),
      resource("one-by-one-420.jpg"),
      resource("grey-progressive.jpg"),
    };
    int decoded = 0;
    for (int round = 0; round < 6000; round++) {
      byte[] mutated = MediaMutations.mutate(files[random.nextInt(files.length)], random);
      try {
        JpegHeader header = JpegHeader.read(ByteBuffer.wrap(mutated), limits);
        RgbCanvas canvas = JpegStream.decode(mutated, header);
        assertThat(canvas.rgb).hasSize(3 * header.width() * header.height());
        decoded++;
      } catch (MalformedMediaException | UnusualJpegException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      } catch (RuntimeException e) {
        throw new AssertionError("round " + round + ", seed " + SEED, e);
      }
    }
    assertThat(decoded).isPositive();
  }

  private static JpegHeader header(byte[] bytes) throws MalformedMediaException {
    return JpegHeader.read(ByteBuffer.wrap(bytes), MediaLimits.DEFAULT);
  }

  private static byte[] decode(byte[] bytes) throws MalformedMediaException {
    try {
      return JpegStream.decode(bytes, header(bytes)).rgb;
    } catch (UnusualJpegException e) {
      throw new AssertionError("left to the JDK: " + e.getMessage(), e);
    }
  }

  private static BufferedImage picture(int width, int height, Random random) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    int noise = 1 << random.nextInt(9);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = 0;
        for (int channel = 0; channel < 3; channel++) {
          double wave = 127 + 90 * Math.sin(x * 0.2 + channel) * Math.cos(y * 0.1 * channel);
          int value = (int) wave + random.nextInt(noise) - noise / 2;
          rgb = rgb << 8 | Math.clamp(value, 0, 255);
        }
        picture.setRGB(x, y, rgb);
      }
    }
    return picture;
  }

  private static byte[] write(BufferedImage picture, float quality, boolean progressive)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(quality);
    param.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
