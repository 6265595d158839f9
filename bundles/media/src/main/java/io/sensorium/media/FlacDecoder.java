package io.sensorium.media;

import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.MediaLimits;
import java.nio.ByteBuffer;

/**
 * Decodes FLAC sounds (RFC 9639), 4 to 32 bits, up to 8 channels.
 *
 * <p>Frame headers and frames are verified by their checksums. Every frame costs at most its block
 * of samples, and the samples are counted against the limits.
 */
final class FlacDecoder {
  private static final int STREAM_INFO = 0;
  private static final int MAXIMUM_METADATA_BLOCKS = 1 << 16;
  private static final int LEFT_SIDE = 8;
  private static final int SIDE_RIGHT = 9;
  private static final int MID_SIDE = 10;
  private static final int[] SAMPLE_SIZES = {0, 8, 12, 0, 16, 20, 24, 32};

  /** What STREAMINFO promises of every frame. */
  private record StreamInfo(
      int mostBlockFrames, int sampleRate, int channels, int bitsPerSample, long totalFrames) {}

  /** What one frame's header says. */
  private record FrameHeader(int frames, int channelAssignment, int bitsPerSample) {}

  private final ByteBuffer bytes;
  private final FlacBits bits;
  private final MediaLimits limits;
  private StreamInfo info;

  private FlacDecoder(ByteBuffer bytes, MediaLimits limits) {
    this.bytes = bytes.slice();
    this.bits = new FlacBits(bytes);
    this.limits = limits;
  }

  static AudioClip decode(ByteBuffer bytes, MediaLimits limits) throws MalformedMediaException {
    return new FlacDecoder(bytes, limits).decode();
  }

  private AudioClip decode() throws MalformedMediaException {
    bits.seek(Id3Tag.length(bytes) + 4);
    readMetadata();
    SampleSink sink = new SampleSink(info.sampleRate, info.channels, limits);
    long[][] block = new long[info.channels][info.mostBlockFrames];
    while (!bits.atEnd() && (info.totalFrames == 0 || sink.frames() < info.totalFrames)) {
      readFrame(block, sink);
    }
    if (sink.frames() < info.totalFrames) {
      throw new MalformedMediaException(
          "truncated: %d of %d frames".formatted(sink.frames(), info.totalFrames));
    }
    return sink.toClip();
  }

  private void readMetadata() throws MalformedMediaException {
    boolean last = false;
    for (int block = 0; !last; block++) {
      last = bits.bits(1) == 1;
      int type = bits.bits(7);
      int length = bits.bits(24);
      int end = bits.bytePosition() + length;
      if ((block == 0) != (type == STREAM_INFO)
          || end > bytes.limit()
          || block > MAXIMUM_METADATA_BLOCKS) {
        throw new MalformedMediaException(
            "metadata block %d of type %d with %d bytes is not allowed"
                .formatted(block, type, length));
      }
      if (type == STREAM_INFO) {
        readStreamInfo();
      }
      bits.seek(end);
    }
  }

  private void readStreamInfo() throws MalformedMediaException {
    bits.bits(16);
    int mostBlockFrames = bits.bits(16);
    bits.bits(24);
    bits.bits(24);
    int sampleRate = bits.bits(20);
    int channels = bits.bits(3) + 1;
    int bitsPerSample = bits.bits(5) + 1;
    long totalFrames = ((long) bits.bits(4) << 32) | (bits.bits(32) & 0xFFFFFFFFL);
    Limits.requireSound(sampleRate, channels);
    if (bitsPerSample < 4 || mostBlockFrames < 16) {
      throw new MalformedMediaException(
          "4 bits and blocks of 16 are the least; got %d bits, blocks of %d"
              .formatted(bitsPerSample, mostBlockFrames));
    }
    info = new StreamInfo(mostBlockFrames, sampleRate, channels, bitsPerSample, totalFrames);
    Limits.requireFrames(totalFrames, sampleRate, channels, limits);
  }

  private void readFrame(long[][] block, SampleSink sink) throws MalformedMediaException {
    int start = bits.bytePosition();
    FrameHeader header = readHeader(start);
    for (int channel = 0; channel < info.channels; channel++) {
      boolean difference =
          channel == 1
              ? header.channelAssignment == LEFT_SIDE || header.channelAssignment == MID_SIDE
              : header.channelAssignment == SIDE_RIGHT && channel == 0;
      int depth = header.bitsPerSample + (difference ? 1 : 0);
      FlacSubframe.decode(bits, block[channel], header.frames, depth);
    }
    bits.alignToByte();
    int end = bits.bytePosition();
    if (bits.bits(16) != FlacChecksums.crc16(bytes, start, end)) {
      throw new MalformedMediaException(
          "the checksum of the frame at %d is wrong".formatted(start));
    }
    if (header.channelAssignment >= LEFT_SIDE) {
      undoStereo(block[0], block[1], header.frames, header.channelAssignment);
    }
    write(block, header, sink);
  }

  private FrameHeader readHeader(int start) throws MalformedMediaException {
    int sync = bits.bits(15);
    bits.bits(1);
    int blockCode = bits.bits(4);
    int rateCode = bits.bits(4);
    int assignment = bits.bits(4);
    int sizeCode = bits.bits(3);
    int reserved = bits.bits(1);
    if (sync != 0x7FFC || reserved != 0 || blockCode == 0 || rateCode == 15 || sizeCode == 3) {
      throw new MalformedMediaException("there is no frame at offset %d".formatted(start));
    }
    skipCodedNumber();
    int frames = blockFrames(blockCode);
    if (rateCode >= 12) {
      bits.bits(rateCode == 12 ? 8 : 16);
    }
    int end = bits.bytePosition();
    if (bits.bits(8) != FlacChecksums.crc8(bytes, start, end)) {
      throw new MalformedMediaException(
          "the checksum of the frame header at %d is wrong".formatted(start));
    }
    int depth = sizeCode == 0 ? info.bitsPerSample : SAMPLE_SIZES[sizeCode];
    int channels = assignment < LEFT_SIDE ? assignment + 1 : 2;
    if (channels != info.channels
        || assignment > MID_SIDE
        || depth != info.bitsPerSample
        || frames > info.mostBlockFrames) {
      throw new MalformedMediaException(
          "the frame at %d differs from the stream: %d channels, %d bits, %d samples"
              .formatted(start, channels, depth, frames));
    }
    return new FrameHeader(frames, assignment, depth);
  }

  private int blockFrames(int code) throws MalformedMediaException {
    return switch (code) {
      case 1 -> 192;
      case 2, 3, 4, 5 -> 576 << (code - 2);
      case 6 -> bits.bits(8) + 1;
      case 7 -> bits.bits(16) + 1;
      default -> 256 << (code - 8);
    };
  }

  /** The frame's number in UTF-8's manner: as many further bytes as the first has leading ones. */
  private void skipCodedNumber() throws MalformedMediaException {
    int ones = Integer.numberOfLeadingZeros(~(bits.bits(8) << 24));
    if (ones == 1 || ones > 7) {
      throw new MalformedMediaException("the frame number is malformed");
    }
    for (int i = 1; i < ones; i++) {
      bits.bits(8);
    }
  }

  private static void undoStereo(long[] first, long[] second, int frames, int assignment) {
    for (int i = 0; i < frames; i++) {
      switch (assignment) {
        case LEFT_SIDE -> second[i] = first[i] - second[i];
        case SIDE_RIGHT -> first[i] += second[i];
        default -> {
          long side = second[i];
          long middle = (first[i] << 1) | (side & 1);
          first[i] = (middle + side) >> 1;
          second[i] = (middle - side) >> 1;
        }
      }
    }
  }

  private void write(long[][] block, FrameHeader header, SampleSink sink)
      throws MalformedMediaException {
    int start = sink.reserve(header.frames);
    float[] samples = sink.array();
    float scale = (float) Math.scalb(1.0, 1 - header.bitsPerSample);
    for (int channel = 0; channel < info.channels; channel++) {
      int write = start + channel;
      for (int i = 0; i < header.frames; i++, write += info.channels) {
        samples[write] = block[channel][i] * scale;
      }
    }
  }
}
