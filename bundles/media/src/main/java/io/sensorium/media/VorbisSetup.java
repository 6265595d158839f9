package io.sensorium.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The identification and the setup header of a Vorbis I stream. Immutable. */
final class VorbisSetup {
  private static final int MAXIMUM_BOOK_VALUES = 1 << 22;

  /** One step of channel coupling. */
  record Coupling(int magnitude, int angle) {}

  /** Which floor and which residue the channels of a submap use. */
  record Submap(int floor, int residue) {}

  /** How channels are coupled and which submap each belongs to. */
  @SuppressWarnings("ArrayRecordComponent") // read by one decoder and compared nowhere
  record Mapping(Coupling[] couplings, int[] channelSubmaps, Submap[] submaps) {}

  /** The kind of block that a packet holds. */
  record Mode(boolean isLong, int mapping) {}

  final int channels;
  final int sampleRate;
  final int shortBlock;
  final int longBlock;
  VorbisCodebook[] books;
  VorbisFloor[] floors;
  VorbisResidue[] residues;
  Mapping[] mappings;
  Mode[] modes;

  private VorbisSetup(int channels, int sampleRate, int shortBlock, int longBlock) {
    this.channels = channels;
    this.sampleRate = sampleRate;
    this.shortBlock = shortBlock;
    this.longBlock = longBlock;
  }

  static VorbisSetup read(OggPackets packets) throws MalformedMediaException {
    VorbisSetup setup = readIdentification(headerPacket(packets, 1));
    headerPacket(packets, 3);
    setup.readSetup(new VorbisBits(headerPacket(packets, 5)));
    return setup;
  }

  /** A header's content behind its type and the word vorbis. */
  private static byte[] headerPacket(OggPackets packets, int type) throws MalformedMediaException {
    byte[] packet = packets.next();
    String name = packet == null ? "" : new String(packet, StandardCharsets.ISO_8859_1);
    if (!name.startsWith((char) type + "vorbis")) {
      throw new MalformedMediaException("Vorbis header %d is missing".formatted(type));
    }
    return java.util.Arrays.copyOfRange(packet, 7, packet.length);
  }

  private static VorbisSetup readIdentification(byte[] packet) throws MalformedMediaException {
    ByteReader reader = ByteReader.littleEndian(ByteBuffer.wrap(packet));
    long version = reader.u32();
    int channels = reader.u8();
    long sampleRate = reader.u32();
    reader.skip(12);
    int blocks = reader.u8();
    int framing = reader.u8();
    Limits.requireSound(sampleRate, channels);
    int shortBits = blocks & 15;
    int longBits = blocks >> 4;
    if (version != 0 || shortBits < 6 || longBits > 13 || shortBits > longBits || framing == 0) {
      throw new MalformedMediaException(
          "no such Vorbis stream: version %d, blocks of 2^%d and 2^%d"
              .formatted(version, shortBits, longBits));
    }
    return new VorbisSetup(channels, (int) sampleRate, 1 << shortBits, 1 << longBits);
  }

  private void readSetup(VorbisBits bits) throws MalformedMediaException {
    books = new VorbisCodebook[bits.bits(8) + 1];
    long values = MAXIMUM_BOOK_VALUES;
    for (int i = 0; i < books.length; i++) {
      books[i] = VorbisCodebook.read(bits, values);
      values -= (long) books[i].entries * books[i].dimensions;
    }
    for (int transforms = bits.bits(6) + 1; transforms > 0; transforms--) {
      require(bits.bits(16) == 0, "a time domain transform");
    }
    floors = new VorbisFloor[bits.bits(6) + 1];
    for (int i = 0; i < floors.length; i++) {
      floors[i] = VorbisFloor.read(bits, books);
    }
    residues = new VorbisResidue[bits.bits(6) + 1];
    for (int i = 0; i < residues.length; i++) {
      residues[i] = VorbisResidue.read(bits, books);
    }
    mappings = new Mapping[bits.bits(6) + 1];
    for (int i = 0; i < mappings.length; i++) {
      mappings[i] = readMapping(bits);
    }
    modes = new Mode[bits.bits(6) + 1];
    for (int i = 0; i < modes.length; i++) {
      boolean isLong = bits.flag();
      require(bits.bits(32) == 0, "a window or a transform that is unknown");
      modes[i] = new Mode(isLong, bits.bits(8));
      require(modes[i].mapping < mappings.length, "a mode without its mapping");
    }
    require(bits.flag(), "no framing bit");
    bits.requireWhole();
  }

  private Mapping readMapping(VorbisBits bits) throws MalformedMediaException {
    require(bits.bits(16) == 0, "a mapping that is unknown");
    Submap[] submaps = new Submap[bits.flag() ? bits.bits(4) + 1 : 1];
    Coupling[] couplings = new Coupling[bits.flag() ? bits.bits(8) + 1 : 0];
    int channelBits = bitsFor(channels - 1);
    for (int i = 0; i < couplings.length; i++) {
      couplings[i] = new Coupling(bits.bits(channelBits), bits.bits(channelBits));
      boolean distinct = couplings[i].magnitude != couplings[i].angle;
      boolean known = Math.max(couplings[i].magnitude, couplings[i].angle) < channels;
      require(distinct && known, "a coupling of channels that are not there");
    }
    require(bits.bits(2) == 0, "a reserved field that is set");
    int[] channelSubmaps = new int[channels];
    for (int i = 0; submaps.length > 1 && i < channels; i++) {
      channelSubmaps[i] = bits.bits(4);
      require(channelSubmaps[i] < submaps.length, "a channel without its submap");
    }
    for (int i = 0; i < submaps.length; i++) {
      bits.bits(8);
      submaps[i] = new Submap(bits.bits(8), bits.bits(8));
      boolean known = submaps[i].floor < floors.length && submaps[i].residue < residues.length;
      require(known, "a submap without its floor or residue");
    }
    return new Mapping(couplings, channelSubmaps, submaps);
  }

  private static void require(boolean condition, String found) throws MalformedMediaException {
    if (!condition) {
      throw new MalformedMediaException("the setup header has " + found);
    }
  }

  /** Checks a book's number. */
  static int book(int number, VorbisCodebook[] books) throws MalformedMediaException {
    require(number < books.length, "a reference to codebook %d".formatted(number));
    return number;
  }

  /** The bits that a number up to the given one takes; 0 for 0. */
  static int bitsFor(int most) {
    return 32 - Integer.numberOfLeadingZeros(most);
  }
}
