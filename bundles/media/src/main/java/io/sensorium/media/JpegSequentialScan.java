package io.sensorium.media;

import java.util.Arrays;

/**
 * Decodes the only scan of a sequential picture, block by block: coefficients are transformed while
 * they are still in the nearest cache. Used by one thread.
 */
final class JpegSequentialScan {
  private final JpegPicture picture;
  private final JpegBits bits;
  private final JpegInterval interval;
  private final Part[] parts;
  private final int[] coefficients = new int[64];

  /** One component of the scan, with the DC value that its next block continues from. */
  private static final class Part {
    private final int index;
    private final int blocksX;
    private final int blocksY;
    private final JpegHuffman dc;
    private final JpegHuffman ac;
    private final int[] quantization;
    private int prediction;

    Part(int index, JpegFrame.Component component, int dcSlot, int acSlot, JpegTables tables)
        throws UnusualJpegException {
      this.index = index;
      this.blocksX = component.blocksX();
      this.blocksY = component.blocksY();
      this.dc = tables.dc(dcSlot);
      this.ac = tables.ac(acSlot);
      this.quantization = tables.quantization(component.quantization());
    }
  }

  /**
   * @param scan of all components
   * @param bits at its first coded byte
   */
  JpegSequentialScan(JpegPicture picture, JpegScan scan, JpegTables tables, JpegBits bits)
      throws UnusualJpegException {
    this.picture = picture;
    this.bits = bits;
    this.interval = new JpegInterval(bits, tables.restartInterval());
    this.parts = new Part[scan.components().size()];
    for (int i = 0; i < parts.length; i++) {
      int index = scan.components().get(i);
      JpegFrame.Component component = picture.frame().components().get(index);
      parts[i] = new Part(index, component, scan.dc().get(i), scan.ac().get(i), tables);
    }
  }

  void decode() throws UnusualJpegException {
    int across = picture.frame().unitsAcross();
    for (int unitRow = 0; unitRow < picture.frame().unitsDown(); unitRow++) {
      for (int unit = 0; unit < across; unit++) {
        if (interval.next()) {
          Arrays.stream(parts).forEach(part -> part.prediction = 0);
        }
        for (Part part : parts) {
          decodeUnit(part, unit);
        }
      }
      bits.requireComplete();
      picture.finishRow(unitRow);
    }
  }

  private void decodeUnit(Part part, int unit) throws UnusualJpegException {
    for (int row = 0; row < part.blocksY; row++) {
      for (int column = 0; column < part.blocksX; column++) {
        part.prediction += bits.readValue(bits.symbol(part.dc));
        coefficients[0] = (short) (part.prediction * part.quantization[0]);
        int written = bits.readBlock(part.ac, part.quantization, coefficients);
        picture.write(part.index, unit * part.blocksX + column, row, coefficients, written);
      }
    }
  }
}
