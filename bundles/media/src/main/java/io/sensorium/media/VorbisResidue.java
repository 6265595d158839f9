package io.sensorium.media;

/**
 * The fine structure of the spectrum, coded in passes of vectors (Vorbis I, section 8). Immutable.
 */
final class VorbisResidue {
  private static final int PASSES = 8;
  private static final int INTERLEAVED = 2;

  private final int type;
  private final int begin;
  private final int end;
  private final int partitionSize;
  private final int classifications;
  private final VorbisCodebook classBook;
  private final VorbisCodebook[][] books;

  private VorbisResidue(
      int type,
      int begin,
      int end,
      int partitionSize,
      VorbisCodebook classBook,
      VorbisCodebook[][] books) {
    this.type = type;
    this.begin = begin;
    this.end = end;
    this.partitionSize = partitionSize;
    this.classifications = books.length;
    this.classBook = classBook;
    this.books = books;
  }

  static VorbisResidue read(VorbisBits bits, VorbisCodebook[] books)
      throws MalformedMediaException {
    int type = bits.bits(16);
    if (type > INTERLEAVED) {
      throw new MalformedMediaException("residue type %d is unknown".formatted(type));
    }
    int begin = bits.bits(24);
    int end = bits.bits(24);
    int partitionSize = bits.bits(24) + 1;
    int classifications = bits.bits(6) + 1;
    VorbisCodebook classBook = books[VorbisSetup.book(bits.bits(8), books)];
    int[] cascades = new int[classifications];
    for (int i = 0; i < classifications; i++) {
      int low = bits.bits(3);
      cascades[i] = bits.flag() ? (bits.bits(5) << 3) | low : low;
    }
    VorbisCodebook[][] passes = new VorbisCodebook[classifications][PASSES];
    for (int i = 0; i < classifications; i++) {
      for (int pass = 0; pass < PASSES; pass++) {
        if ((cascades[i] >> pass & 1) != 0) {
          passes[i][pass] = vectorBook(books[VorbisSetup.book(bits.bits(8), books)], partitionSize);
        }
      }
    }
    bits.requireWhole();
    if (end < begin) {
      throw new MalformedMediaException("a residue from %d to %d".formatted(begin, end));
    }
    return new VorbisResidue(type, begin, end, partitionSize, classBook, passes);
  }

  private static VorbisCodebook vectorBook(VorbisCodebook book, int partitionSize)
      throws MalformedMediaException {
    if (!book.hasVectors() || partitionSize % book.dimensions != 0) {
      throw new MalformedMediaException(
          "a residue partition of %d with vectors of %d values"
              .formatted(partitionSize, book.dimensions));
    }
    return book;
  }

  /**
   * Adds the coded values to the channels' spectra.
   *
   * @param spectra of the channels of one submap, at least {@code length} values each
   * @param silent which of them have nothing coded
   */
  void decode(VorbisBits bits, float[][] spectra, boolean[] silent, int length) {
    if (type != INTERLEAVED) {
      decodeVectors(bits, spectra, silent, length);
      return;
    }
    boolean allSilent = true;
    for (boolean channelSilent : silent) {
      allSilent &= channelSilent;
    }
    if (allSilent) {
      return;
    }
    int channels = spectra.length;
    float[] interleaved = new float[length * channels];
    decodeVectors(bits, new float[][] {interleaved}, new boolean[1], interleaved.length);
    for (int i = 0; i < interleaved.length; i++) {
      spectra[i % channels][i / channels] += interleaved[i];
    }
  }

  private void decodeVectors(VorbisBits bits, float[][] spectra, boolean[] silent, int length) {
    int first = Math.min(begin, length);
    int partitions = (Math.min(end, length) - first) / partitionSize;
    int perClassword = classBook.dimensions;
    int[][] classes = new int[spectra.length][partitions];
    for (int pass = 0; pass < PASSES; pass++) {
      for (int partition = 0; partition < partitions; partition++) {
        if (pass == 0 && partition % perClassword == 0) {
          readClasses(bits, silent, classes, partition);
        }
        for (int channel = 0; channel < spectra.length; channel++) {
          if (bits.exhausted()) {
            return; // what is missing at the end of a packet is zero
          }
          VorbisCodebook book = books[classes[channel][partition]][pass];
          if (!silent[channel] && book != null) {
            addPartition(bits, book, spectra[channel], first + partition * partitionSize);
          }
        }
      }
    }
  }

  private void readClasses(VorbisBits bits, boolean[] silent, int[][] classes, int partition) {
    for (int channel = 0; channel < classes.length; channel++) {
      if (!silent[channel]) {
        int number = classBook.decode(bits);
        if (number < 0) {
          return;
        }
        for (int i = classBook.dimensions - 1; i >= 0; i--) {
          if (partition + i < classes[channel].length) {
            classes[channel][partition + i] = number % classifications;
          }
          number /= classifications;
        }
      }
    }
  }

  private void addPartition(VorbisBits bits, VorbisCodebook book, float[] spectrum, int start) {
    int vectors = partitionSize / book.dimensions;
    for (int vector = 0; vector < vectors; vector++) {
      int entry = book.decode(bits);
      if (entry < 0) {
        return;
      }
      int read = entry * book.dimensions;
      // Type 0 spreads a vector over the partition, the others lay vectors side by side.
      int write = start + (type == 0 ? vector : vector * book.dimensions);
      int step = type == 0 ? vectors : 1;
      for (int i = 0; i < book.dimensions; i++, write += step) {
        spectrum[write] += book.vectors[read + i];
      }
    }
  }
}
