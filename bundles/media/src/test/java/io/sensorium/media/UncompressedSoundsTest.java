package io.sensorium.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.MediaLimits;
import java.nio.ByteOrder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UncompressedSoundsTest {
  private final JvmMediaDecoder decoder = new JvmMediaDecoder();

  @Test
  void wavIntegersOfEveryWidthAreScaledToOne() {
    assertSamples(RiffBytes.wav(1, 1, 8000, 8, 3).u8(0).u8(128).u8(192), -1, 0, 0.5f);
    assertSamples(RiffBytes.wav(1, 1, 8000, 16, 4).u16(-32768).u16(16384), -1, 0.5f);
    assertSamples(RiffBytes.wav(1, 1, 8000, 24, 6).u16(0).u8(0x80).u16(0).u8(0x40), -1, 0.5f);
    assertSamples(RiffBytes.wav(1, 1, 8000, 32, 8).u32(1L << 31).u32(1L << 30), -1, 0.5f);
  }

  @Test
  void wavFloatsAreTakenAsTheyAre() {
    assertSamples(RiffBytes.wav(3, 2, 8000, 32, 8).f32(1.5f).f32(-0.25f), 1.5f, -0.25f);
    assertSamples(RiffBytes.wav(3, 1, 8000, 64, 8).u64(Double.doubleToLongBits(0.125)), 0.125f);
  }

  @Test
  void wavExtensibleAndOddChunksAreRead() {
    RiffBytes bytes =
        new RiffBytes(ByteOrder.LITTLE_ENDIAN)
            .text("RIFF")
            .u32(0)
            .text("WAVELIST")
            .u32(3)
            .text("abc\0fmt ")
            .u32(40)
            .u16(0xFFFE)
            .u16(1)
            .u32(22050)
            .u32(44100)
            .u16(2)
            .u16(16)
            .u16(22)
            .u16(16)
            .u32(4)
            .u16(1)
            .text("\0\0\0\0\u0010\0\u0080\0\0\u00aa\08\u009bq")
            .text("data")
            .u32(2)
            .u16(8192);

    assertThat(assertSamples(bytes, 0.25f).sampleRate()).isEqualTo(22050);
  }

  @Test
  void wavFromAPipeHasAnOpenLength() {
    byte[] bytes = RiffBytes.wav(1, 1, 8000, 16, 0xFFFFFFFFL).u16(16384).u16(0).u8(7).toBytes();

    AudioClip clip = decoder.decodeAudio(MediaSamples.input("pipe", bytes), MediaLimits.DEFAULT);

    assertThat(MediaSamples.samples(clip)).containsExactly(0.5f, 0);
  }

  @Test
  void aiffOfEveryCodingIsRead() {
    assertSamples(RiffBytes.aiff("NONE", 1, 2, 16).u16(-32768).u16(16384), -1, 0.5f);
    assertSamples(RiffBytes.aiff("NONE", 1, 1, 24).u8(0x40).u16(0), 0.5f);
    assertSamples(RiffBytes.aiff("sowt", 1, 1, 16).u8(0).u8(0x40), 0.5f);
    assertSamples(RiffBytes.aiff("fl32", 2, 1, 32).f32(0.5f).f32(-2), 0.5f, -2);
    assertSamples(RiffBytes.aiff("raw ", 1, 2, 8).u8(0).u8(192), -1, 0.5f);
  }

  @Test
  void aLengthBeyondTheFileIsRefused() {
    refused(RiffBytes.wav(1, 1, 8000, 16, 1 << 30).u16(1), "8192.0 s|truncated|at most");
    refused(RiffBytes.wav(1, 1, 8000, 16, 4000).u16(1), "truncated: 4000 bytes");
    refused(RiffBytes.aiff("NONE", 1, 2, 16).u16(0), "truncated");
  }

  @Test
  void valuesThatAreNoSoundAreRefused() {
    refused(RiffBytes.wav(3, 1, 8000, 32, 4).f32(Float.NaN), "not finite");
    refused(RiffBytes.wav(1, 0, 8000, 16, 2).u16(1), "channels");
    refused(RiffBytes.wav(1, 1, 0, 16, 2).u16(1), "sample rate");
    refused(RiffBytes.wav(0x55, 1, 8000, 16, 2).u16(1), "format 85");
    refused(RiffBytes.aiff("ima4", 1, 1, 16).u16(1), "ima4");
  }

  @Test
  void limitsAreCheckedFromTheHeader() {
    byte[] bytes = RiffBytes.wav(1, 1, 8000, 16, 16002).toBytes();
    MediaLimits oneSecond = new MediaLimits(1 << 20, 1, 1 << 20, Duration.ofSeconds(1));
    MediaLimits fewSamples = new MediaLimits(1 << 20, 1, 8000, Duration.ofMinutes(1));

    assertThatThrownBy(() -> decoder.decodeAudio(MediaSamples.input("a.wav", bytes), oneSecond))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("a.wav")
        .hasMessageContaining("PT1S");
    assertThatThrownBy(() -> decoder.decodeAudio(MediaSamples.input("a.wav", bytes), fewSamples))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("8000 samples");
  }

  private void refused(RiffBytes bytes, String pattern) {
    assertThatThrownBy(
            () ->
                decoder.decodeAudio(
                    MediaSamples.input("hostile", bytes.toBytes()), MediaLimits.DEFAULT))
        .isInstanceOf(UnsupportedInputException.class)
        .message()
        .contains("'hostile'")
        .containsPattern(pattern);
  }

  private AudioClip assertSamples(RiffBytes bytes, float... expected) {
    AudioClip clip =
        decoder.decodeAudio(MediaSamples.input("sound", bytes.toBytes()), MediaLimits.DEFAULT);
    assertThat(MediaSamples.samples(clip)).containsExactly(expected);
    return clip;
  }
}
