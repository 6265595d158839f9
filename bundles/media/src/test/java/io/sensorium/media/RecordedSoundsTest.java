package io.sensorium.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.MediaLimits;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedSoundsTest {
  private final JvmMediaDecoder decoder = new JvmMediaDecoder();

  /** FLAC carries the MD5 of the encoder's samples at byte 26. */
  @ParameterizedTest
  @CsvSource({
    "stereo16.flac, 16, 44100, 2",
    "mono24.flac, 24, 22050, 1",
    "mono8.flac, 8, 8000, 1",
    "fixed.flac, 16, 16000, 2",
    "stereo.ref.flac, 16, 44100, 2",
  })
  void flacHasTheSamplesThatWereEncoded(String name, int bits, int rate, int channels)
      throws NoSuchAlgorithmException {
    AudioClip clip = decode(name);

    assertThat(clip.sampleRate()).isEqualTo(rate);
    assertThat(clip.channels()).isEqualTo(channels);
    byte[] md5 = Arrays.copyOfRange(MediaSamples.bytes(name), 26, 42);
    assertThat(MessageDigest.getInstance("MD5").digest(littleEndian(clip, bits))).isEqualTo(md5);
  }

  private static byte[] littleEndian(AudioClip clip, int bits) {
    float[] samples = MediaSamples.samples(clip);
    int bytes = bits / 8;
    byte[] pcm = new byte[samples.length * bytes];
    for (int i = 0; i < samples.length; i++) {
      int value = Math.round(Math.scalb(samples[i], bits - 1));
      for (int part = 0; part < bytes; part++) {
        pcm[i * bytes + part] = (byte) (value >> (8 * part));
      }
    }
    return pcm;
  }

  /**
   * Against the 16-bit samples of FFmpeg (MP3) and libvorbis; the tolerances are those 16 bits and,
   * for MP3, the library's own 16-bit arithmetic.
   */
  @ParameterizedTest
  @CsvSource({
    "joint-vbr.mp3, 50, 44100, 2",
    "mono-lsf.mp3, 50, 16000, 1",
    "mpeg25.mp3, 50, 8000, 1",
    "stereo.ogg, 70, 44100, 2",
    "mono.ogg, 70, 16000, 1",
    "low.ogg, 70, 8000, 2",
  })
  void lossySoundsAreCloseToTheReference(
      String name, double leastDecibels, int rate, int channels) {
    AudioClip clip = decode(name);
    float[] expected = MediaSamples.samples(decode(name.replaceAll("\\.\\w+$", ".ref.flac")));
    float[] actual = MediaSamples.samples(clip);

    assertThat(clip.sampleRate()).isEqualTo(rate);
    assertThat(clip.channels()).isEqualTo(channels);
    assertThat(actual.length).isEqualTo(expected.length);
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < expected.length; i++) {
      signal += expected[i] * expected[i];
      noise += (actual[i] - expected[i]) * (actual[i] - expected[i]);
    }
    assertThat(10 * Math.log10(signal / noise)).as("dB").isGreaterThan(leastDecibels);
  }

  private AudioClip decode(String name) {
    return decoder.decodeAudio(MediaSamples.input(name), MediaLimits.DEFAULT);
  }
}
