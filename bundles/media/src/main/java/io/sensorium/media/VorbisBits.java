package io.sensorium.media;

/** Reads bits, least significant first, from a packet; past the end come zeros and a flag. */
final class VorbisBits {
  private final byte[] packet;
  private long position;
  private boolean exhausted;

  VorbisBits(byte[] packet) {
    this.packet = packet;
  }

  /** Answers whether more was read than the packet holds. */
  boolean exhausted() {
    return exhausted;
  }

  int bit() {
    int at = (int) (position >> 3);
    if (at >= packet.length) {
      exhausted = true;
      return 0;
    }
    return (packet[at] >> (position++ & 7)) & 1;
  }

  boolean flag() {
    return bit() == 1;
  }

  /** Up to 32 bits. */
  int bits(int count) {
    int value = 0;
    int read = 0;
    while (read < count) {
      int at = (int) (position >> 3);
      if (at >= packet.length) {
        exhausted = true;
        return value;
      }
      int offset = (int) (position & 7);
      int take = Math.min(8 - offset, count - read);
      value |= (((packet[at] & 0xFF) >> offset) & ((1 << take) - 1)) << read;
      read += take;
      position += take;
    }
    return value;
  }

  /** The bits that a header needs; a header must be whole. */
  void requireWhole() throws MalformedMediaException {
    if (exhausted) {
      throw new MalformedMediaException("truncated: a Vorbis header ends early");
    }
  }
}
