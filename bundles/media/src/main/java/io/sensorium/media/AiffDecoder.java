package io.sensorium.media;

import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.MediaLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Decodes AIFF and uncompressed AIFF-C sounds (NONE, twos, sowt, raw, fl32, fl64). */
final class AiffDecoder {
  private static final int MAXIMUM_CHUNKS = 100_000;
  private static final int EXPONENT_BIAS = 16383;

  private record Format(int channels, long frames, int sampleRate, PcmEncoding encoding) {}

  private AiffDecoder() {}

  static AudioClip decode(ByteBuffer bytes, MediaLimits limits) throws MalformedMediaException {
    ByteReader reader = ByteReader.bigEndian(bytes);
    reader.skip(8);
    boolean compressed = reader.ascii(4).equals("AIFC");
    Format format = null;
    ByteReader sound = null;
    for (int chunk = 0; reader.remaining() >= 8 && (format == null || sound == null); chunk++) {
      if (chunk > MAXIMUM_CHUNKS) {
        throw new MalformedMediaException("more than %d chunks".formatted(MAXIMUM_CHUNKS));
      }
      String type = reader.ascii(4);
      long length = reader.u32();
      ByteReader content = ByteReader.bigEndian(reader.slice(length));
      if (type.equals("COMM")) {
        format = readFormat(content, compressed);
        Limits.requireFrames(format.frames, format.sampleRate, format.channels, limits);
      } else if (type.equals("SSND")) {
        sound = content;
      }
      reader.skip(Math.min(length & 1, reader.remaining()));
    }
    if (format == null || (sound == null && format.frames > 0)) {
      throw new MalformedMediaException("the COMM or the SSND chunk is missing");
    }
    return decodeSound(format, sound);
  }

  private static AudioClip decodeSound(Format format, ByteReader sound)
      throws MalformedMediaException {
    if (format.frames == 0) {
      throw new MalformedMediaException("there is no frame of sound");
    }
    long offset = sound.u32();
    sound.skip(4);
    sound.skip(offset);
    long length = format.frames * format.channels * format.encoding.bytesPerSample();
    return new AudioClip(
        format.sampleRate, format.channels, format.encoding.decode(sound.slice(length)));
  }

  private static Format readFormat(ByteReader reader, boolean compressed)
      throws MalformedMediaException {
    int channels = reader.u16();
    long frames = reader.u32();
    int bits = reader.u16();
    long sampleRate = extended(reader);
    String coding = compressed ? reader.ascii(4) : "NONE";
    Limits.requireSound(sampleRate, channels);
    int sampleBytes = (bits + 7) / 8;
    boolean isFloat = coding.equalsIgnoreCase("fl32") || coding.equalsIgnoreCase("fl64");
    boolean known =
        switch (coding) {
          case "NONE", "twos", "sowt" -> bits >= 1 && bits <= 32;
          case "raw " -> bits == 8;
          case "fl32", "FL32" -> bits == 32;
          case "fl64", "FL64" -> bits == 64;
          default -> false;
        };
    if (!known) {
      throw new MalformedMediaException(
          "coding '%s' with %d bits is not supported".formatted(coding, bits));
    }
    ByteOrder order = coding.equals("sowt") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    return new Format(
        channels,
        frames,
        (int) sampleRate,
        new PcmEncoding(sampleBytes, isFloat, coding.equals("raw "), order));
  }

  /** An 80-bit floating-point number, rounded to an integer; 0 if it is no positive one. */
  private static long extended(ByteReader reader) throws MalformedMediaException {
    int exponent = reader.u16() - EXPONENT_BIAS;
    long mantissa = reader.i64();
    if (exponent < 0 || exponent > 30) {
      return 0;
    }
    long half = 1L << (62 - exponent);
    return (mantissa >>> (63 - exponent)) + ((mantissa & half) == 0 ? 0 : 1);
  }
}
