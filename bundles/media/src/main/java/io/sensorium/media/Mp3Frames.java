package io.sensorium.media;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds the frames of MPEG-1, 2 and 2.5 layer III (ISO 11172-3, 13818-3). */
final class Mp3Frames {
  private static final int LAYER_THREE = 1;
  private static final int VERSION_ONE = 3;
  private static final int VERSION_TWO = 2;
  private static final int[] KILOBITS_ONE = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KILOBITS_TWO = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };
  private static final int[] RATES_HERTZ = {44100, 48000, 32000};

  /** What one frame's four header bytes say. */
  record Frame(int versionCode, int sampleRate, int channels, int bytes) {
    /** Samples per channel. */
    int frames() {
      return versionCode == VERSION_ONE ? 1152 : 576;
    }

    boolean continues(Frame first) {
      return versionCode == first.versionCode
          && sampleRate == first.sampleRate
          && channels == first.channels;
    }

    /** The side information behind header and checksum. */
    int sideInformationBytes() {
      if (versionCode == VERSION_ONE) {
        return channels == 1 ? 17 : 32;
      }
      return channels == 1 ? 9 : 17;
    }
  }

  private Mp3Frames() {}

  /** The frame that starts at the position, if one does. */
  static Optional<Frame> at(ByteBuffer bytes, int position) {
    if (position < 0 || position + 4 > bytes.limit()) {
      return Optional.empty();
    }
    int header =
        ((bytes.get(position) & 0xFF) << 24)
            | ((bytes.get(position + 1) & 0xFF) << 16)
            | ((bytes.get(position + 2) & 0xFF) << 8)
            | (bytes.get(position + 3) & 0xFF);
    int version = (header >> 19) & 3;
    int bitrate = (header >> 12) & 15;
    int rate = (header >> 10) & 3;
    boolean valid =
        header >>> 21 == 0x7FF
            && version != 1
            && ((header >> 17) & 3) == LAYER_THREE
            && bitrate != 0
            && bitrate != 15
            && rate != 3
            && (header & 3) != 2;
    if (!valid) {
      return Optional.empty();
    }
    int divisor = version == VERSION_ONE ? 1 : version == VERSION_TWO ? 2 : 4;
    int sampleRate = RATES_HERTZ[rate] / divisor;
    int kilobits = (version == VERSION_ONE ? KILOBITS_ONE : KILOBITS_TWO)[bitrate];
    int padding = (header >> 9) & 1;
    int length = (version == VERSION_ONE ? 144 : 72) * kilobits * 1000 / sampleRate + padding;
    return Optional.of(new Frame(version, sampleRate, ((header >> 6) & 3) == 3 ? 1 : 2, length));
  }

  /**
   * The position of the first whole frame from a position on: one that another one follows, or that
   * ends the bytes. What lies between is skipped.
   */
  static OptionalInt find(ByteBuffer bytes, int from) {
    for (int position = from; position + 4 <= bytes.limit(); position++) {
      Optional<Frame> frame = at(bytes, position);
      if (frame.isPresent()) {
        int next = position + frame.get().bytes();
        boolean last = next <= bytes.limit() && next + 4 > bytes.limit();
        if (last || isTrailer(bytes, next) || at(bytes, next).isPresent()) {
          return OptionalInt.of(position);
        }
      }
    }
    return OptionalInt.empty();
  }

  private static boolean isTrailer(ByteBuffer bytes, int position) {
    if (position + 4 > bytes.limit()) {
      return false;
    }
    int tag = bytes.slice().getInt(position);
    return tag >>> 8 == 0x544147 || tag == 0x41504554; // TAG, APET
  }

  /**
   * A tag, or a frame that another one follows; one alone is enough where the bytes end with it.
   */
  static boolean looksLikeMp3(ByteBuffer bytes) {
    ByteBuffer view = bytes.slice();
    if (Id3Tag.length(view) > 0) {
      return true;
    }
    return at(view, 0).isPresent() && find(view, 0).equals(OptionalInt.of(0));
  }
}
