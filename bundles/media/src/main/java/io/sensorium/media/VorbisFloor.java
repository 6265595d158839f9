package io.sensorium.media;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The spectral envelope as a broken line over decibels (Vorbis I, floor type 1). Immutable. */
final class VorbisFloor {
  private static final int MAXIMUM_POINTS = 65;
  private static final double DECIBELS_PER_STEP = 140 / 256.0;
  private static final int[] RANGES = {256, 128, 86, 64};

  /** The 256 steps of the envelope, from -140 dB to 0 dB. */
  private static final float[] AMPLITUDES = amplitudes();

  /** How a class of points is coded; -1 stands for no book. */
  @SuppressWarnings("ArrayRecordComponent") // read by one decoder and compared nowhere
  private record PointClass(int dimensions, int subclassBits, int masterBook, int[] books) {}

  private final int[] partitionClasses;
  private final PointClass[] classes;
  private final int multiplier;
  private final int[] positions;
  private final int[] sortedOrder;
  private final int[] lowNeighbours;
  private final int[] highNeighbours;

  private VorbisFloor(
      int[] partitionClasses, PointClass[] classes, int multiplier, int[] positions) {
    this.partitionClasses = partitionClasses;
    this.classes = classes;
    this.multiplier = multiplier;
    this.positions = positions;
    this.sortedOrder =
        IntStream.range(0, positions.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> positions[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.lowNeighbours = new int[positions.length];
    this.highNeighbours = new int[positions.length];
    for (int i = 2; i < positions.length; i++) {
      findNeighbours(i);
    }
  }

  private void findNeighbours(int point) {
    int low = 0;
    int high = 1;
    for (int i = 0; i < point; i++) {
      int position = positions[i];
      if (position < positions[point] && position > positions[low]) {
        low = i;
      }
      if (position > positions[point] && position < positions[high]) {
        high = i;
      }
    }
    lowNeighbours[point] = low;
    highNeighbours[point] = high;
  }

  static VorbisFloor read(VorbisBits bits, VorbisCodebook[] books) throws MalformedMediaException {
    int type = bits.bits(16);
    if (type != 1) {
      throw new MalformedMediaException("floor type %d is not supported".formatted(type));
    }
    int[] partitionClasses = new int[bits.bits(5)];
    int classCount = 0;
    for (int i = 0; i < partitionClasses.length; i++) {
      partitionClasses[i] = bits.bits(4);
      classCount = Math.max(classCount, partitionClasses[i] + 1);
    }
    PointClass[] classes = new PointClass[classCount];
    for (int i = 0; i < classCount; i++) {
      classes[i] = readClass(bits, books);
    }
    int multiplier = bits.bits(2) + 1;
    int positionBits = bits.bits(4);
    int points = 2 + Arrays.stream(partitionClasses).map(c -> classes[c].dimensions).sum();
    if (points > MAXIMUM_POINTS) {
      throw new MalformedMediaException("a floor of %d points".formatted(points));
    }
    int[] positions = new int[points];
    positions[1] = 1 << positionBits;
    for (int i = 2; i < points; i++) {
      positions[i] = bits.bits(positionBits);
    }
    bits.requireWhole();
    if (Arrays.stream(positions).distinct().count() != points) {
      throw new MalformedMediaException("a floor has two points at one position");
    }
    return new VorbisFloor(partitionClasses, classes, multiplier, positions);
  }

  private static PointClass readClass(VorbisBits bits, VorbisCodebook[] books)
      throws MalformedMediaException {
    int dimensions = bits.bits(3) + 1;
    int subclassBits = bits.bits(2);
    int masterBook = subclassBits > 0 ? VorbisSetup.book(bits.bits(8), books) : -1;
    int[] subclassBooks = new int[1 << subclassBits];
    for (int i = 0; i < subclassBooks.length; i++) {
      int book = bits.bits(8) - 1;
      subclassBooks[i] = book < 0 ? -1 : VorbisSetup.book(book, books);
    }
    return new PointClass(dimensions, subclassBits, masterBook, subclassBooks);
  }

  /** The heights of the points as coded, or null if this channel is silent in this packet. */
  int[] decode(VorbisBits bits, VorbisCodebook[] books) {
    if (!bits.flag()) {
      return null;
    }
    int[] heights = new int[positions.length];
    int heightBits = VorbisSetup.bitsFor(RANGES[multiplier - 1] - 1);
    heights[0] = bits.bits(heightBits);
    heights[1] = bits.bits(heightBits);
    int point = 2;
    for (int partitionClass : partitionClasses) {
      PointClass pointClass = classes[partitionClass];
      int subclasses = pointClass.masterBook < 0 ? 0 : books[pointClass.masterBook].decode(bits);
      for (int i = 0; i < pointClass.dimensions; i++) {
        int book = pointClass.books[subclasses & (pointClass.books.length - 1)];
        subclasses >>= pointClass.subclassBits;
        heights[point++] = book < 0 ? 0 : books[book].decode(bits);
      }
    }
    return bits.exhausted() ? null : heights;
  }

  /** Multiplies the spectrum by the envelope through the coded heights. */
  void apply(int[] heights, float[] spectrum, int length) {
    boolean[] used = new boolean[heights.length];
    int[] curve = unwrap(heights, used);
    int x = 0;
    int y = curve[0] * multiplier;
    for (int i = 1; i < sortedOrder.length; i++) {
      int point = sortedOrder[i];
      if (used[point]) {
        int nextX = positions[point];
        int nextY = curve[point] * multiplier;
        multiplyLine(x, y, nextX, nextY, spectrum, length);
        x = nextX;
        y = nextY;
      }
    }
    for (int i = x; i < length; i++) {
      spectrum[i] *= AMPLITUDES[Math.clamp(y, 0, 255)];
    }
  }

  /** The heights are differences from the line between the neighbours decoded before. */
  private int[] unwrap(int[] heights, boolean[] used) {
    int range = RANGES[multiplier - 1];
    int[] curve = new int[heights.length];
    curve[0] = heights[0];
    curve[1] = heights[1];
    used[0] = true;
    used[1] = true;
    for (int i = 2; i < heights.length; i++) {
      int low = lowNeighbours[i];
      int high = highNeighbours[i];
      int predicted =
          onLine(positions[low], curve[low], positions[high], curve[high], positions[i]);
      int highRoom = range - predicted;
      int lowRoom = predicted;
      int room = 2 * Math.min(highRoom, lowRoom);
      int value = heights[i];
      if (value == 0) {
        curve[i] = predicted;
        continue;
      }
      used[low] = true;
      used[high] = true;
      used[i] = true;
      int height;
      if (value >= room) {
        height =
            highRoom > lowRoom ? value - lowRoom + predicted : predicted - value + highRoom - 1;
      } else {
        height = predicted + ((value & 1) != 0 ? -((value + 1) / 2) : value / 2);
      }
      curve[i] = Math.clamp(height, 0, range - 1);
    }
    return curve;
  }

  private static int onLine(int x0, int y0, int x1, int y1, int x) {
    int offset = Math.abs(y1 - y0) * (x - x0) / (x1 - x0);
    return y1 < y0 ? y0 - offset : y0 + offset;
  }

  /** Bresenham's line, without its last point. */
  private static void multiplyLine(int x0, int y0, int x1, int y1, float[] spectrum, int length) {
    int run = x1 - x0;
    int base = (y1 - y0) / run;
    int remainder = Math.abs(y1 - y0) - Math.abs(base) * run;
    int step = y1 < y0 ? base - 1 : base + 1;
    int y = y0;
    int error = 0;
    for (int x = x0; x < Math.min(x1, length); x++) {
      spectrum[x] *= AMPLITUDES[Math.clamp(y, 0, 255)];
      error += remainder;
      if (error >= run) {
        error -= run;
        y += step;
      } else {
        y += base;
      }
    }
  }

  private static float[] amplitudes() {
    float[] amplitudes = new float[256];
    for (int i = 0; i < amplitudes.length; i++) {
      amplitudes[i] = (float) Math.pow(10, (i - 255) * DECIBELS_PER_STEP / 20);
    }
    return amplitudes;
  }
}
