package io.sensorium.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Feeds mutated files: only a valid result or a refusal may come out, soon and without much memory.
 * More with {@code -Dsensorium.fuzz.iterations=N}, others with {@code -Dsensorium.fuzz.seed=N}.
 */
class MutatedMediaTest {
  private static final int ITERATIONS = Integer.getInteger("sensorium.fuzz.iterations", 3000);
  private static final long SEED = Long.getLong("sensorium.fuzz.seed", 20261120);
  private static final long MOST_SECONDS = 60;
  private static final MediaLimits LIMITS =
      new MediaLimits(1 << 20, 1 << 18, 1 << 20, Duration.ofMinutes(1));

  private final JvmMediaDecoder decoder = new JvmMediaDecoder();

  record Corpus(String format, List<byte[]> files) {
    @Override
    public String toString() {
      return format;
    }
  }

  static Stream<Corpus> corpora() throws IOException {
    return Stream.of(
        corpus("png", "palette-translucent.png", "keyed.png", "bits1.png", "oriented.png"),
        corpus(
            "jpeg",
            "baseline444.jpg",
            "baseline420.jpg",
            "progressive.jpg",
            "cmyk.jpg",
            "orientation6.jpg"),
        corpus("gif", "adaptive.gif"),
        corpus("bmp", "palette.bmp", "bits1.bmp"),
        new Corpus("generated bmp", List.of(bmp(8), bmp(5), runLengthBmp())),
        corpus("webp", "lossy.webp", "lossless.webp", "translucent-lossy.webp", "oriented.webp"),
        new Corpus(
            "wav",
            List.of(
                RiffBytes.wav(1, 1, 8000, 16, 8).u64(7).toBytes(),
                RiffBytes.wav(3, 2, 8000, 32, 8).f32(1).f32(0).toBytes())),
        new Corpus(
            "aiff",
            List.of(
                RiffBytes.aiff("NONE", 1, 4, 16).u64(7).toBytes(),
                RiffBytes.aiff("fl32", 1, 2, 32).f32(1).f32(0).toBytes())),
        corpus("flac", "mono8.flac", "mono24.flac"),
        corpus("mp3", "mpeg25.mp3", "mono-lsf.mp3"),
        corpus("ogg", "low.ogg"));
  }

  private static Corpus corpus(String format, String... names) {
    return new Corpus(format, Arrays.stream(names).map(MediaSamples::bytes).toList());
  }

  private static byte[] bmp(int type) throws IOException {
    BufferedImage picture = GeneratedPicturesTest.picture(9, 7, type);
    return GeneratedPicturesTest.write(picture, "bmp", false);
  }

  private static byte[] runLengthBmp() {
    return new RiffBytes(java.nio.ByteOrder.LITTLE_ENDIAN)
        .text("BM")
        .u32(0)
        .u32(0)
        .u32(14 + 40 + 8)
        .u32(40)
        .u32(5)
        .u32(2)
        .u16(1)
        .u16(8)
        .u32(1)
        .u32(0)
        .u64(0)
        .u32(2)
        .u32(0)
        .u32(0x112233)
        .u32(0xFFEEDD)
        .text("\3\1\0\2\0\0\0\3\1\0\1\0\2\1\0\1")
        .toBytes();
  }

  @ParameterizedTest
  @MethodSource("corpora")
  void onlyResultsAndRefusalsComeOut(Corpus corpus) throws InterruptedException {
    System.out.printf("%s: %d mutations, seed %d%n", corpus, ITERATIONS, SEED);
    Random random = new Random(SEED + corpus.format.hashCode());
    int decoded = 0;
    try (ExecutorService worker = Executors.newSingleThreadExecutor()) {
      for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        byte[] file = corpus.files.get(random.nextInt(corpus.files.size()));
        byte[] mutated = MediaMutations.mutate(file, random);
        String where = "%s, iteration %d, seed %d".formatted(corpus, iteration, SEED);
        try {
          decoded += worker.submit(() -> decode(mutated)).get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
          worker.shutdownNow();
          fail("no answer in " + MOST_SECONDS + " s: " + where, e);
        } catch (ExecutionException e) {
          fail("a failure that is no refusal: " + where, e.getCause());
        }
      }
    }
    System.out.printf("%s: %d of %d mutations were decoded%n", corpus, decoded, ITERATIONS);
  }

  /** 1 if the bytes were decoded, 0 if they were refused. */
  private int decode(byte[] bytes) {
    MediaInput input = MediaSamples.input("mutated", bytes);
    int decoded = 0;
    decoder.identify(input);
    try {
      Image image = decoder.decodeImage(input, LIMITS);
      assertThat((long) image.width() * image.height()).isLessThanOrEqualTo(LIMITS.maximumPixels());
      decoded = 1;
    } catch (UnsupportedInputException e) {
      assertThat(e).hasMessageContaining("'mutated'");
    }
    try {
      AudioClip clip = decoder.decodeAudio(input, LIMITS);
      assertThat((long) clip.samples().remaining()).isLessThanOrEqualTo(LIMITS.maximumSamples());
      decoded = 1;
    } catch (UnsupportedInputException e) {
      assertThat(e).hasMessageContaining("'mutated'");
    }
    try {
      decoder.decodeText(input, LIMITS);
    } catch (UnsupportedInputException e) {
      assertThat(e).hasMessageContaining("'mutated'");
    }
    return decoded;
  }
}
