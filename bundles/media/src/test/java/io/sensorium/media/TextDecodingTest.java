package io.sensorium.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.MediaLimits;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TextDecodingTest {
  private static final String TEXT = "drei kleine Glocken \u266a\n\ud83d\udd14 \u4e09";
  private final JvmMediaDecoder decoder = new JvmMediaDecoder();

  @Test
  void utf8AndMarkedUtf16AreRead() {
    assertThat(decode(TEXT.getBytes(StandardCharsets.UTF_8))).isEqualTo(TEXT);
    assertThat(decode(("\uFEFF" + TEXT).getBytes(StandardCharsets.UTF_8))).isEqualTo(TEXT);
    for (Charset charset : new Charset[] {StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE}) {
      byte[] bytes = ("\uFEFF" + TEXT).getBytes(charset);
      assertThat(decode(bytes)).isEqualTo(TEXT);
      assertThat(decoder.identify(MediaSamples.input("x.png", bytes)))
          .hasValueSatisfying(type -> assertThat(type.mime()).isEqualTo("text/plain"));
    }
  }

  @Test
  void binaryAndBrokenBytesAreRefused() {
    refused(new byte[] {'a', 0, 'b'}, "control character 0x00");
    refused(new byte[] {'a', (byte) 0xC3}, "UTF-8");
    refused(new byte[] {(byte) 0xC0, (byte) 0x80}, "UTF-8");
    refused(new byte[] {(byte) 0xFE, (byte) 0xFF, 0}, "UTF-16");
    refused(new byte[0], "has 0");
  }

  @Test
  void aLongTextIsJudgedByItsBeginning() {
    byte[] bytes = ("x".repeat(8191) + "\u00e4".repeat(5000)).getBytes(StandardCharsets.UTF_8);

    assertThat(decoder.identify(MediaSamples.input("long", bytes))).isPresent();
  }

  @Test
  void theBytesAreLimited() {
    MediaLimits limits = new MediaLimits(4, 1, 1, Duration.ofSeconds(1));
    assertThatThrownBy(() -> decoder.decodeText(MediaSamples.input("note", new byte[5]), limits))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessage("1 to 4 bytes are required; 'note' has 5");
  }

  private void refused(byte[] bytes, String part) {
    assertThatThrownBy(() -> decode(bytes))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining(part)
        .hasMessageContaining("note");
  }

  private String decode(byte[] bytes) {
    return decoder.decodeText(MediaSamples.input("note", bytes), MediaLimits.DEFAULT);
  }
}
