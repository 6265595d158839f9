package io.sensorium.models.world;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes RIFF WAVE files, 16-bit PCM, mono. */
public final class WaveFile {

  private static final int HEADER_BYTES = 44;

  private WaveFile() {}

  /**
   * Writes {@code samples}, replacing an existing file.
   *
   * @param samples nominally -1..1; what lies outside is clipped
   * @param sampleRate samples per second, at least 1
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, float[] samples, int sampleRate) throws IOException {
    if (sampleRate < 1) {
      throw new IllegalArgumentException("the sample rate must be positive; got " + sampleRate);
    }
    int dataBytes = Math.multiplyExact(2, samples.length);
    ByteBuffer buffer =
        ByteBuffer.allocate(HEADER_BYTES + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(ascii("RIFF")).putInt(HEADER_BYTES - 8 + dataBytes).put(ascii("WAVE"));
    buffer.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 1);
    buffer.putInt(sampleRate).putInt(2 * sampleRate).putShort((short) 2).putShort((short) 16);
    buffer.put(ascii("data")).putInt(dataBytes);
    for (float sample : samples) {
      buffer.putShort((short) Math.round(Math.clamp(sample, -1f, 1f) * Short.MAX_VALUE));
    }
    Files.write(file, buffer.array());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
