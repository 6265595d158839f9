package io.sensorium.media;

import java.util.ArrayList;
import java.util.List;

/**
 * The frame header of a JPEG picture whose layout the fast decoder knows: grey, or YCbCr with
 * chroma of full or half the luma's resolution along each axis.
 *
 * @param components Y or Y, Cb, Cr
 * @param chromaStepX luma columns per chroma column, 1 or 2
 * @param chromaStepY luma rows per chroma row, 1 or 2
 */
record JpegFrame(
    int width,
    int height,
    boolean progressive,
    List<Component> components,
    int chromaStepX,
    int chromaStepY) {
  /** Where each coefficient of the zigzag order lies in a block, rows from the top. */
  @SuppressWarnings("MutablePublicArray") // package-private, and read in the innermost loop
  static final int[] NATURAL_ORDER = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
  };

  /** Below this, libjpeg repeats chroma columns and does not interpolate. */
  private static final int FEWEST_INTERPOLATED_COLUMNS = 3;

  /**
   * One plane of samples.
   *
   * @param id by which scans name it
   * @param blocksX per unit along x
   * @param blocksY per unit along y
   * @param quantization the number of its quantization table
   */
  record Component(int id, int blocksX, int blocksY, int quantization) {}

  JpegFrame {
    components = List.copyOf(components);
  }

  static JpegFrame read(ByteReader content, boolean progressive, JpegHeader header)
      throws UnusualJpegException, MalformedMediaException {
    if (header.colour() != JpegHeader.Colour.GREY && header.colour() != JpegHeader.Colour.YCC) {
      throw new UnusualJpegException("the colours are no YCbCr");
    }
    content.skip(6);
    List<Component> components = new ArrayList<>();
    for (int i = 0; i < header.components(); i++) {
      int id = content.u8();
      int sampling = content.u8();
      components.add(new Component(id, sampling >> 4, sampling & 15, content.u8()));
    }
    Component luma = components.getFirst();
    if (components.size() == 1) {
      // A scan of one component has no units of several blocks.
      Component grey = new Component(luma.id, 1, 1, luma.quantization);
      return new JpegFrame(header.width(), header.height(), progressive, List.of(grey), 1, 1);
    }
    requireKnownSampling(components, header.width());
    return new JpegFrame(
        header.width(), header.height(), progressive, components, luma.blocksX, luma.blocksY);
  }

  private static void requireKnownSampling(List<Component> components, int width)
      throws UnusualJpegException {
    Component luma = components.getFirst();
    boolean known = isOneOrTwo(luma.blocksX) && isOneOrTwo(luma.blocksY);
    for (Component chroma : components.subList(1, components.size())) {
      known &= chroma.blocksX == 1 && chroma.blocksY == 1 && chroma.id != luma.id;
    }
    known &= components.get(1).id != components.get(2).id;
    boolean interpolated = luma.blocksX != 2 || (width + 1) / 2 >= FEWEST_INTERPOLATED_COLUMNS;
    if (!known || !interpolated) {
      throw new UnusualJpegException("the sampling is rare");
    }
  }

  private static boolean isOneOrTwo(int factor) {
    return factor == 1 || factor == 2;
  }

  /** How many units (of a scan with all components) lie side by side. */
  int unitsAcross() {
    return Math.ceilDiv(width, 8 * chromaStepX);
  }

  /** How many rows of units there are. */
  int unitsDown() {
    return Math.ceilDiv(height, 8 * chromaStepY);
  }

  /** The number of real columns of a component, without padding. */
  int columns(Component component) {
    return Math.ceilDiv(width * component.blocksX, chromaStepX);
  }

  /** The number of real rows of a component, without padding. */
  int rows(Component component) {
    return Math.ceilDiv(height * component.blocksY, chromaStepY);
  }
}
