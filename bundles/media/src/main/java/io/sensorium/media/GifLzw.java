package io.sensorium.media;

/** GIF's variable-length LZW, read from sub-blocks of up to 255 bytes. */
final class GifLzw {
  private static final int MAXIMUM_CODES = 4096;

  /** A code of 12 bits stands for at most 4096 pixels: more per byte is a lie. */
  private static final long MAXIMUM_PIXELS_PER_BYTE = 4096;

  private final ByteReader reader;
  private final int[] prefixes = new int[MAXIMUM_CODES];
  private final byte[] suffixes = new byte[MAXIMUM_CODES];
  private final int[] lengths = new int[MAXIMUM_CODES];
  private int blockRemaining;
  private int bits;
  private int bitCount;

  GifLzw(ByteReader reader) {
    this.reader = reader;
  }

  byte[] decode(int width, int height) throws MalformedMediaException {
    int minimumBits = reader.u8();
    if (minimumBits < 1 || minimumBits > 8) {
      throw new MalformedMediaException("the code size must be 1 to 8; got " + minimumBits);
    }
    long pixels = (long) width * height;
    if (pixels / MAXIMUM_PIXELS_PER_BYTE > reader.remaining()) {
      throw new MalformedMediaException(
          "truncated: %d bytes cannot hold %dx%d pixels"
              .formatted(reader.remaining(), width, height));
    }
    byte[] indices = new byte[(int) pixels];
    decode(minimumBits, indices);
    return indices;
  }

  private void decode(int minimumBits, byte[] indices) throws MalformedMediaException {
    int clear = 1 << minimumBits;
    for (int code = 0; code < clear; code++) {
      suffixes[code] = (byte) code;
      lengths[code] = 1;
    }
    int next = clear + 2;
    int codeBits = minimumBits + 1;
    int previous = -1;
    int position = 0;
    while (position < indices.length) {
      int code = readCode(codeBits);
      if (code == clear) {
        next = clear + 2;
        codeBits = minimumBits + 1;
        previous = -1;
        continue;
      }
      if (code == clear + 1 || code > next || (code == next && previous < 0)) {
        throw new MalformedMediaException(
            "the pixels end at %d of %d".formatted(position, indices.length));
      }
      if (previous >= 0 && next < MAXIMUM_CODES) {
        prefixes[next] = previous;
        lengths[next] = lengths[previous] + 1;
        suffixes[next] = firstOf(code == next ? previous : code);
        next++;
        if (next == 1 << codeBits && codeBits < 12) {
          codeBits++;
        }
      } else if (code >= next) {
        throw new MalformedMediaException("code %d is not defined".formatted(code));
      }
      position = write(code, indices, position);
      previous = code;
    }
  }

  private byte firstOf(int code) {
    int first = code;
    while (lengths[first] > 1) {
      first = prefixes[first];
    }
    return suffixes[first];
  }

  /** Writes a code's pixels backwards; what exceeds the picture is dropped. */
  private int write(int code, byte[] indices, int position) {
    int end = position + lengths[code];
    int part = code;
    for (int i = end - 1; i >= position; i--) {
      if (i < indices.length) {
        indices[i] = suffixes[part];
      }
      part = prefixes[part];
    }
    return end;
  }

  private int readCode(int codeBits) throws MalformedMediaException {
    while (bitCount < codeBits) {
      if (blockRemaining == 0) {
        blockRemaining = reader.u8();
        if (blockRemaining == 0) {
          throw new MalformedMediaException("truncated: the pixels end early");
        }
      }
      bits |= reader.u8() << bitCount;
      bitCount += 8;
      blockRemaining--;
    }
    int code = bits & ((1 << codeBits) - 1);
    bits >>>= codeBits;
    bitCount -= codeBits;
    return code;
  }
}
