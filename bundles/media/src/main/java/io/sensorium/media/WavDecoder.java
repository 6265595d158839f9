package io.sensorium.media;

import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.MediaLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Decodes RIFF WAVE sounds: PCM of 8 to 32 bits and IEEE floats, plain or extensible. */
final class WavDecoder {
  private static final int PCM = 1;
  private static final int IEEE_FLOAT = 3;
  private static final int EXTENSIBLE = 0xFFFE;
  private static final int MAXIMUM_CHUNKS = 100_000;

  /** Writers that cannot seek leave a length near the largest: the data goes on to the end. */
  private static final long OPEN_LENGTH = 0x7FFF0000L;

  private record Format(int channels, int sampleRate, PcmEncoding encoding) {}

  private WavDecoder() {}

  static AudioClip decode(ByteBuffer bytes, MediaLimits limits) throws MalformedMediaException {
    ByteReader reader = ByteReader.littleEndian(bytes);
    reader.skip(12);
    Format format = null;
    for (int chunk = 0; chunk < MAXIMUM_CHUNKS; chunk++) {
      String type = reader.ascii(4);
      long length = reader.u32();
      if (type.equals("data")) {
        if (format == null) {
          throw new MalformedMediaException("the data come before their format");
        }
        return decodeData(format, reader, length, limits);
      }
      ByteReader content = ByteReader.littleEndian(reader.slice(length));
      if (type.equals("fmt ")) {
        format = readFormat(content);
      }
      reader.skip(length & 1);
    }
    throw new MalformedMediaException("no data within %d chunks".formatted(MAXIMUM_CHUNKS));
  }

  private static Format readFormat(ByteReader reader) throws MalformedMediaException {
    int tag = reader.u16();
    int channels = reader.u16();
    long sampleRate = reader.u32();
    reader.skip(4);
    int blockBytes = reader.u16();
    int bits = reader.u16();
    if (tag == EXTENSIBLE) {
      reader.skip(8);
      tag = reader.u16();
    }
    Limits.requireSound(sampleRate, channels);
    boolean isFloat = tag == IEEE_FLOAT;
    boolean known = isFloat ? bits == 32 || bits == 64 : tag == PCM && bits >= 1 && bits <= 32;
    int sampleBytes = (bits + 7) / 8;
    if (!known || blockBytes != channels * sampleBytes) {
      throw new MalformedMediaException(
          "format %d with %d bits in frames of %d bytes for %d channels is not supported"
              .formatted(tag, bits, blockBytes, channels));
    }
    PcmEncoding encoding =
        new PcmEncoding(sampleBytes, isFloat, sampleBytes == 1, ByteOrder.LITTLE_ENDIAN);
    return new Format(channels, (int) sampleRate, encoding);
  }

  private static AudioClip decodeData(
      Format format, ByteReader reader, long length, MediaLimits limits)
      throws MalformedMediaException {
    int frameBytes = format.channels * format.encoding.bytesPerSample();
    long declared = length >= OPEN_LENGTH ? reader.remaining() : length;
    long frames = declared / frameBytes;
    Limits.requireFrames(frames, format.sampleRate, format.channels, limits);
    ByteBuffer data = reader.slice(frames * frameBytes);
    return new AudioClip(format.sampleRate, format.channels, format.encoding.decode(data));
  }
}
