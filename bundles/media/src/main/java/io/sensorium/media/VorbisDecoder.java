package io.sensorium.media;

import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.MediaLimits;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Decodes Ogg Vorbis sounds after the Vorbis I specification (Xiph.Org, 2020), without floor type
 * 0, which no encoder has written since 2001.
 */
final class VorbisDecoder {
  private final OggPackets packets;
  private final VorbisSetup setup;
  private final SampleSink sink;
  private final VorbisTransform shortTransform;
  private final VorbisTransform longTransform;
  private final float[] shortSlope;
  private final float[] longSlope;
  private final float[][] spectra;
  private final float[][] blocks;

  /** The windowed second halves of the block before; its size is 0 at the start. */
  private final float[][] tails;

  private int tailBlock;

  private VorbisDecoder(ByteBuffer bytes, MediaLimits limits) throws MalformedMediaException {
    packets = new OggPackets(bytes);
    setup = VorbisSetup.read(packets);
    sink = new SampleSink(setup.sampleRate, setup.channels, limits);
    shortTransform = new VorbisTransform(setup.shortBlock);
    longTransform = new VorbisTransform(setup.longBlock);
    shortSlope = slope(setup.shortBlock / 2);
    longSlope = slope(setup.longBlock / 2);
    spectra = new float[setup.channels][setup.longBlock / 2];
    blocks = new float[setup.channels][setup.longBlock];
    tails = new float[setup.channels][setup.longBlock / 2];
  }

  static AudioClip decode(ByteBuffer bytes, MediaLimits limits) throws MalformedMediaException {
    return new VorbisDecoder(bytes, limits).decode();
  }

  private AudioClip decode() throws MalformedMediaException {
    long firstGranule = -1;
    byte[] packet = packets.next();
    while (packet != null) {
      decodePacket(new VorbisBits(packet));
      if (firstGranule < 0 && packets.endsPage() && packets.granule() >= 0) {
        // A stream cut out of a longer one does not start at 0.
        firstGranule = Math.max(0, packets.granule() - sink.frames());
        firstGranule = packets.isLast() ? 0 : firstGranule;
      }
      packet = packets.next();
    }
    long declared = packets.granule() - Math.max(0, firstGranule);
    boolean known = packets.granule() > 0 && declared < sink.frames();
    return sink.toClip(0, known ? (int) Math.max(0, declared) : sink.frames());
  }

  /** The rising half of the window. */
  private static float[] slope(int length) {
    float[] slope = new float[length];
    for (int i = 0; i < length; i++) {
      double sine = Math.sin((i + 0.5) / length * Math.PI / 2);
      slope[i] = (float) Math.sin(Math.PI / 2 * sine * sine);
    }
    return slope;
  }

  private void decodePacket(VorbisBits bits) throws MalformedMediaException {
    if (bits.flag()) {
      return; // no audio packet
    }
    int number = bits.bits(VorbisSetup.bitsFor(setup.modes.length - 1));
    if (number >= setup.modes.length || bits.exhausted()) {
      throw new MalformedMediaException("a packet has no mode");
    }
    VorbisSetup.Mode mode = setup.modes[number];
    boolean longBefore = mode.isLong() && bits.flag();
    boolean longAfter = mode.isLong() && bits.flag();
    int block = mode.isLong() ? setup.longBlock : setup.shortBlock;
    decodeSpectra(bits, setup.mappings[mode.mapping()], block / 2);
    for (int channel = 0; channel < setup.channels; channel++) {
      (mode.isLong() ? longTransform : shortTransform).inverse(spectra[channel], blocks[channel]);
    }
    emit(block, mode.isLong() && longBefore, mode.isLong() && longAfter);
  }

  private void decodeSpectra(VorbisBits bits, VorbisSetup.Mapping mapping, int length) {
    int[][] heights = new int[setup.channels][];
    boolean[] silent = new boolean[setup.channels];
    for (int channel = 0; channel < setup.channels; channel++) {
      int floor = mapping.submaps()[mapping.channelSubmaps()[channel]].floor();
      heights[channel] = setup.floors[floor].decode(bits, setup.books);
      silent[channel] = heights[channel] == null;
      Arrays.fill(spectra[channel], 0, length, 0);
    }
    for (VorbisSetup.Coupling coupling : mapping.couplings()) {
      boolean both = silent[coupling.magnitude()] && silent[coupling.angle()];
      silent[coupling.magnitude()] = both;
      silent[coupling.angle()] = both;
    }
    for (int submap = 0; submap < mapping.submaps().length; submap++) {
      decodeResidue(bits, mapping, submap, silent, length);
    }
    for (int i = mapping.couplings().length - 1; i >= 0; i--) {
      VorbisSetup.Coupling coupling = mapping.couplings()[i];
      uncouple(spectra[coupling.magnitude()], spectra[coupling.angle()], length);
    }
    for (int channel = 0; channel < setup.channels; channel++) {
      if (heights[channel] == null) {
        Arrays.fill(spectra[channel], 0, length, 0);
      } else {
        int floor = mapping.submaps()[mapping.channelSubmaps()[channel]].floor();
        setup.floors[floor].apply(heights[channel], spectra[channel], length);
      }
    }
  }

  private void decodeResidue(
      VorbisBits bits, VorbisSetup.Mapping mapping, int submap, boolean[] silent, int length) {
    int count = 0;
    float[][] chosen = new float[setup.channels][];
    boolean[] chosenSilent = new boolean[setup.channels];
    for (int channel = 0; channel < setup.channels; channel++) {
      if (mapping.channelSubmaps()[channel] == submap) {
        chosen[count] = spectra[channel];
        chosenSilent[count++] = silent[channel];
      }
    }
    if (count > 0) {
      setup.residues[mapping.submaps()[submap].residue()].decode(
          bits, Arrays.copyOf(chosen, count), Arrays.copyOf(chosenSilent, count), length);
    }
  }

  private static void uncouple(float[] magnitudes, float[] angles, int length) {
    for (int i = 0; i < length; i++) {
      float magnitude = magnitudes[i];
      float angle = angles[i];
      float other = magnitude > 0 == angle > 0 ? magnitude - angle : magnitude + angle;
      magnitudes[i] = angle > 0 ? magnitude : other;
      angles[i] = angle > 0 ? other : magnitude;
    }
  }

  /** Adds the first half to the tail of the block before and keeps the second half. */
  private void emit(int block, boolean longBefore, boolean longAfter)
      throws MalformedMediaException {
    float[] rise = longBefore || block == setup.shortBlock ? slopeOf(block) : shortSlope;
    float[] fall = longAfter || block == setup.shortBlock ? slopeOf(block) : shortSlope;
    if (tailBlock > 0) {
      overlap(block, rise);
    }
    int half = block / 2;
    int fallStart = block * 3 / 4 - fall.length / 2 - half;
    for (int channel = 0; channel < setup.channels; channel++) {
      float[] tail = tails[channel];
      System.arraycopy(blocks[channel], half, tail, 0, half);
      for (int i = 0; i < fall.length; i++) {
        tail[fallStart + i] *= fall[fall.length - 1 - i];
      }
      Arrays.fill(tail, fallStart + fall.length, half, 0);
    }
    tailBlock = block;
  }

  private float[] slopeOf(int block) {
    return block == setup.shortBlock ? shortSlope : longSlope;
  }

  private void overlap(int block, float[] rise) throws MalformedMediaException {
    int frames = tailBlock / 4 + block / 4;
    int start = sink.reserve(frames);
    float[] samples = sink.array();
    // Both blocks' quarter points meet: sample 0 is the middle of the block before.
    int shift = tailBlock / 4 - block / 4;
    int riseStart = block / 4 - rise.length / 2;
    for (int channel = 0; channel < setup.channels; channel++) {
      for (int i = 0, write = start + channel; i < frames; i++, write += setup.channels) {
        float sample = i < tailBlock / 2 ? tails[channel][i] : 0;
        int at = i - shift;
        if (at >= riseStart) {
          int step = at - riseStart;
          sample += blocks[channel][at] * (step < rise.length ? rise[step] : 1);
        }
        samples[write] = sample;
      }
    }
  }
}
