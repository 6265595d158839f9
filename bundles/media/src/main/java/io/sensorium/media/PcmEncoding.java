package io.sensorium.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * How uncompressed samples are stored.
 *
 * @param bytesPerSample 1 to 4, or 4 and 8 for floating point
 * @param isFloat IEEE floating point instead of integers
 * @param isUnsigned for 8-bit integers around 128
 */
record PcmEncoding(int bytesPerSample, boolean isFloat, boolean isUnsigned, ByteOrder order) {
  PcmEncoding {
    boolean known =
        isFloat
            ? bytesPerSample == 4 || bytesPerSample == 8
            : bytesPerSample >= 1 && bytesPerSample <= 4;
    if (!known) {
      throw new IllegalArgumentException("no such encoding: %d bytes".formatted(bytesPerSample));
    }
  }

  /** Decodes whole samples to [-1, 1]; integers are divided by their largest magnitude. */
  FloatBuffer decode(ByteBuffer data) throws MalformedMediaException {
    ByteBuffer bytes = data.slice().order(order);
    float[] samples = new float[bytes.remaining() / bytesPerSample];
    for (int i = 0, at = 0; i < samples.length; i++, at += bytesPerSample) {
      samples[i] = isFloat ? floating(bytes, at) : integer(bytes, at);
    }
    return FloatBuffer.wrap(samples);
  }

  private float floating(ByteBuffer bytes, int at) throws MalformedMediaException {
    float sample = bytesPerSample == 4 ? bytes.getFloat(at) : (float) bytes.getDouble(at);
    if (!Float.isFinite(sample)) {
      throw new MalformedMediaException("a sample at byte %d is not finite".formatted(at));
    }
    return sample;
  }

  private float integer(ByteBuffer bytes, int at) {
    return switch (bytesPerSample) {
      case 1 -> (isUnsigned ? (bytes.get(at) & 0xFF) - 128 : bytes.get(at)) / 128f;
      case 2 -> bytes.getShort(at) / 32768f;
      case 3 -> twentyFourBits(bytes, at) / 8388608f;
      default -> bytes.getInt(at) / 0x1p31f;
    };
  }

  private int twentyFourBits(ByteBuffer bytes, int at) {
    boolean bigEndian = order == ByteOrder.BIG_ENDIAN;
    int high = bytes.get(bigEndian ? at : at + 2);
    int low = bytes.get(bigEndian ? at + 2 : at) & 0xFF;
    return (high << 16) | ((bytes.get(at + 1) & 0xFF) << 8) | low;
  }
}
