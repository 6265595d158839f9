package io.sensorium.media;

/** A prefix code whose entries may stand for vectors (Vorbis I, section 3). Immutable. */
final class VorbisCodebook {
  private static final int SYNC = 0x564342;
  private static final int MAXIMUM_CODE_BITS = 32;
  private static final int NONE = -1;

  final int dimensions;
  final int entries;

  /** The vectors of all entries, or nothing for a code of scalars. */
  final float[] vectors;

  // Two children per node: a further node if positive, the complement of an entry if negative.
  private final int[] children;

  private VorbisCodebook(int dimensions, int entries, int[] children, float[] vectors) {
    this.dimensions = dimensions;
    this.entries = entries;
    this.children = children;
    this.vectors = vectors;
  }

  boolean hasVectors() {
    return vectors.length > 0;
  }

  /** The next entry, or -1 at the end of the packet. */
  int decode(VorbisBits bits) {
    int node = 0;
    do {
      node = children[2 * node + bits.bit()];
      if (bits.exhausted()) {
        return NONE;
      }
    } while (node > 0);
    return ~node;
  }

  /**
   * @param mostValues how many entries and values may still be kept in memory
   */
  static VorbisCodebook read(VorbisBits bits, long mostValues) throws MalformedMediaException {
    if (bits.bits(24) != SYNC) {
      throw new MalformedMediaException("a codebook's sync pattern is missing");
    }
    int dimensions = bits.bits(16);
    int entries = bits.bits(24);
    if (dimensions < 1 || entries < 1 || (long) entries * dimensions > mostValues) {
      throw new MalformedMediaException(
          "a codebook of %d entries with %d dimensions".formatted(entries, dimensions));
    }
    int[] lengths = bits.flag() ? orderedLengths(bits, entries) : lengths(bits, entries);
    bits.requireWhole();
    int[] children = tree(lengths);
    float[] vectors = vectors(bits, entries, dimensions);
    bits.requireWhole();
    return new VorbisCodebook(dimensions, entries, children, vectors);
  }

  private static int[] lengths(VorbisBits bits, int entries) throws MalformedMediaException {
    int[] lengths = new int[entries];
    boolean sparse = bits.flag();
    for (int entry = 0; entry < entries && !bits.exhausted(); entry++) {
      lengths[entry] = !sparse || bits.flag() ? bits.bits(5) + 1 : 0;
    }
    return lengths;
  }

  private static int[] orderedLengths(VorbisBits bits, int entries) throws MalformedMediaException {
    int[] lengths = new int[entries];
    int length = bits.bits(5) + 1;
    int entry = 0;
    while (entry < entries) {
      int count = bits.bits(VorbisSetup.bitsFor(entries - entry));
      if (count > entries - entry || length > MAXIMUM_CODE_BITS) {
        throw new MalformedMediaException("a codebook's code lengths do not fit its entries");
      }
      java.util.Arrays.fill(lengths, entry, entry + count, length++);
      entry += count;
    }
    return lengths;
  }

  /** Gives every entry, in order, the leftmost free code of its length. */
  private static int[] tree(int[] lengths) throws MalformedMediaException {
    int used = 0;
    double share = 0;
    for (int length : lengths) {
      used += length > 0 ? 1 : 0;
      share += length > 0 ? Math.scalb(1.0, -length) : 0;
    }
    boolean single = used == 1;
    if (used == 0 || (!single && share != 1)) {
      throw new MalformedMediaException("a codebook's codes do not form a tree");
    }
    if (single) {
      // One entry: whatever bit is read, it is meant.
      int entry = 0;
      while (lengths[entry] == 0) {
        entry++;
      }
      return new int[] {~entry, ~entry};
    }
    return new TreeBuilder(lengths, used).build();
  }

  /** Builds the tree; that the shares of all codes sum up to one makes it complete. */
  private static final class TreeBuilder {
    private final int[] lengths;
    private final int[] children;
    private final int[] nextCode = new int[MAXIMUM_CODE_BITS + 1];
    private int nodes = 1;

    TreeBuilder(int[] lengths, int used) {
      this.lengths = lengths;
      this.children = new int[2 * (used - 1)];
    }

    int[] build() throws MalformedMediaException {
      for (int entry = 0; entry < lengths.length; entry++) {
        if (lengths[entry] > 0) {
          insert(entry, claim(lengths[entry]));
        }
      }
      return children;
    }

    /** The leftmost free code of a length: nextCode holds the first free one of each. */
    private int claim(int length) {
      int code = nextCode[length];
      for (int shorter = length; shorter > 0; shorter--) {
        if ((nextCode[shorter] & 1) != 0) {
          nextCode[shorter] = shorter == 1 ? nextCode[shorter] + 1 : nextCode[shorter - 1] << 1;
          break;
        }
        nextCode[shorter]++;
      }
      int parent = code;
      for (int longer = length + 1; longer <= MAXIMUM_CODE_BITS; longer++) {
        if (nextCode[longer] >>> 1 != parent) {
          break;
        }
        parent = nextCode[longer];
        nextCode[longer] = nextCode[longer - 1] << 1;
      }
      return code;
    }

    private void insert(int entry, int code) throws MalformedMediaException {
      int node = 0;
      for (int bit = lengths[entry] - 1; bit > 0; bit--) {
        int slot = 2 * node + ((code >>> bit) & 1);
        if (children[slot] == 0) {
          if (nodes == children.length / 2) {
            throw new MalformedMediaException("a codebook's codes do not form a tree");
          }
          children[slot] = nodes++;
        }
        node = children[slot];
        if (node < 0) {
          throw new MalformedMediaException("a codebook's codes overlap");
        }
      }
      children[2 * node + (code & 1)] = ~entry;
    }
  }

  private static float[] vectors(VorbisBits bits, int entries, int dimensions)
      throws MalformedMediaException {
    int type = bits.bits(4);
    if (type == 0) {
      return new float[0];
    }
    if (type > 2) {
      throw new MalformedMediaException("codebook lookup type %d is unknown".formatted(type));
    }
    float minimum = unpack(bits.bits(32));
    float delta = unpack(bits.bits(32));
    int valueBits = bits.bits(4) + 1;
    boolean sequential = bits.flag();
    int count = type == 1 ? latticeSide(entries, dimensions) : entries * dimensions;
    float[] values = new float[count];
    for (int i = 0; i < count && !bits.exhausted(); i++) {
      values[i] = bits.bits(valueBits) * delta + minimum;
    }
    float[] vectors = new float[entries * dimensions];
    for (int entry = 0; entry < entries; entry++) {
      float last = 0;
      long divisor = 1;
      for (int i = 0; i < dimensions; i++) {
        int offset = type == 1 ? (int) (entry / divisor % count) : entry * dimensions + i;
        float value = values[offset] + last;
        vectors[entry * dimensions + i] = value;
        last = sequential ? value : 0;
        divisor = Math.min(divisor * count, Integer.MAX_VALUE);
      }
    }
    return vectors;
  }

  /** The largest side whose power by the dimensions does not exceed the entries. */
  private static int latticeSide(int entries, int dimensions) {
    int side = (int) Math.floor(Math.pow(entries, 1.0 / dimensions)) + 1;
    while (power(side, dimensions, entries) > entries) {
      side--;
    }
    return side;
  }

  private static long power(int base, int exponent, int enough) {
    long power = 1;
    for (int i = 0; i < exponent && power <= enough && base > 1; i++) {
      power *= base;
    }
    return power;
  }

  private static float unpack(int packed) {
    int mantissa = packed & 0x1FFFFF;
    int exponent = ((packed >>> 21) & 0x3FF) - 788;
    return Math.scalb((float) (packed < 0 ? -mantissa : mantissa), exponent);
  }
}
