package io.sensorium.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.MediaLimits;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileMediaTest {
  private static final long MOST_BYTES = 32L << 20;

  private final JvmMediaDecoder decoder = new JvmMediaDecoder();

  @Test
  void aTinyGifThatPromisesTwoGigapixelsIsRefused() {
    byte[] bomb =
        new RiffBytes(ByteOrder.LITTLE_ENDIAN)
            .text("GIF89a")
            .u16(65535)
            .u16(32767)
            .text("\u0080\0\0\0\0\0\u00ff\u00ff\u00ff,\0\0\0\0")
            .u16(65535)
            .u16(32767)
            .text("\0\2\2L\1\0;")
            .toBytes();

    refusedWithoutMemory(bomb, "65535x32767");
  }

  @Test
  void pngBombsAreRefused() {
    refusedWithoutMemory(png(30000, 30000, 1 << 20), "30000x30000");
    refusedWithoutMemory(png(8000, 8000, 1 << 20), "cannot hold 8000x8000");
    refusedWithoutMemory(png(-1, 1, 100), "-1x1|4294967295|no such size");
  }

  @Test
  void bmpSizesThatLieAreRefused() {
    refusedWithoutMemory(bmp(7000, -7000), "truncated");
    refusedWithoutMemory(bmp(1, Integer.MIN_VALUE), "no such size");
    refusedWithoutMemory(bmp(-5, 5), "positive");
    refusedWithoutMemory(bmp(1 << 20, 1 << 20), "at most");
  }

  @Test
  void aJpegWithItsSizePatchedIsRefused() {
    byte[] jpeg = MediaSamples.bytes("baseline420.jpg");
    int frame = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0") + 5;
    Arrays.fill(jpeg, frame, frame + 4, (byte) 0xFF);
    refusedWithoutMemory(jpeg, "65535x65535");

    jpeg[frame] = 0x1E;
    jpeg[frame + 2] = 0x1E;
    refusedWithoutMemory(jpeg, "cannot hold");
  }

  @Test
  void aWebpWithAHugeCanvasIsRefused() {
    byte[] bomb =
        new RiffBytes(ByteOrder.LITTLE_ENDIAN)
            .text("RIFF")
            .u32(22)
            .text("WEBPVP8X")
            .u32(10)
            .u32(0)
            .text("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")
            .toBytes();
    refusedWithoutMemory(bomb, "16777216x16777216");
  }

  @Test
  void aFlacThatPromisesHoursIsRefused() {
    byte[] flac = MediaSamples.bytes("mono8.flac");
    flac[21] |= 0x0F;
    assertThatThrownBy(
            () -> decoder.decodeAudio(MediaSamples.input("long.flac", flac), MediaLimits.DEFAULT))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("long.flac")
        .hasMessageContaining("at most");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lossless.webp",
        "bits1.png",
        "adaptive.gif",
        "palette.bmp",
        "progressive.jpg",
        "grey.jpg"
      })
  void everyTruncationOfAPictureIsRefused(String name) {
    byte[] whole = MediaSamples.bytes(name);
    // The last bytes may be padding.
    for (int length = 1; length < whole.length - 13; length += 3) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(
              () -> decoder.decodeImage(MediaSamples.input(name, part), MediaLimits.DEFAULT))
          .withFailMessage("%d of %d bytes were decoded", length, whole.length)
          .isInstanceOf(UnsupportedInputException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mono8.flac", "joint-vbr.mp3", "low.ogg"})
  void everyTruncationOfASoundIsRefused(String name) {
    byte[] whole = MediaSamples.bytes(name);
    for (int length = 1; length < whole.length - 1; length += 17) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(
              () -> decoder.decodeAudio(MediaSamples.input(name, part), MediaLimits.DEFAULT))
          .withFailMessage("%d of %d bytes were decoded", length, whole.length)
          .isInstanceOf(UnsupportedInputException.class);
    }
  }

  @Test
  void aSoundIsNoPicture() {
    assertThatThrownBy(
            () ->
                decoder.decodeImage(
                    MediaSamples.input("photo.png", MediaSamples.bytes("low.ogg")),
                    MediaLimits.DEFAULT))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessage("an image file is required; the content of 'photo.png' is audio/ogg");
  }

  private void refusedWithoutMemory(byte[] bomb, String pattern) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(
            () -> decoder.decodeImage(MediaSamples.input("bomb", bomb), MediaLimits.DEFAULT))
        .isInstanceOf(UnsupportedInputException.class)
        .message()
        .contains("'bomb'")
        .containsPattern(pattern);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES);
  }

  private static byte[] bmp(int width, int height) {
    return new RiffBytes(ByteOrder.LITTLE_ENDIAN)
        .text("BM")
        .u32(0)
        .u32(0)
        .u32(54)
        .u32(40)
        .u32(width)
        .u32(height)
        .u16(1)
        .u16(24)
        .u64(0)
        .u64(0)
        .u64(0)
        .toBytes();
  }

  /** An RGB picture whose data inflate to the given number of zeros. */
  private static byte[] png(int width, int height, int inflatedBytes) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    byte[] header =
        new RiffBytes(ByteOrder.BIG_ENDIAN)
            .u32(width)
            .u32(height)
            .u8(8)
            .u8(2)
            .u8(0)
            .u16(0)
            .toBytes();
    chunk(png, "IHDR", header);
    byte[] deflated = new byte[1 << 16];
    int length;
    try (Deflater deflater = new Deflater(9)) {
      deflater.setInput(new byte[inflatedBytes]);
      deflater.finish();
      length = deflater.deflate(deflated);
    }
    chunk(png, "IDAT", Arrays.copyOf(deflated, length));
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(type.getBytes(StandardCharsets.US_ASCII));
    crc.update(content);
    png.writeBytes(new RiffBytes(ByteOrder.BIG_ENDIAN).u32(content.length).text(type).toBytes());
    png.writeBytes(content);
    png.writeBytes(new RiffBytes(ByteOrder.BIG_ENDIAN).u32(crc.getValue()).toBytes());
  }
}
