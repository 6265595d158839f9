package io.sensorium.media;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the scans of a progressive picture, or of a sequential one whose components come one by
 * one, and transforms what they give in the end. Used by one thread.
 */
final class JpegStoredScans {
  /** What may be stored on the heap; larger pictures are left to the JDK's reader. */
  private static final long MOST_COEFFICIENTS = 1 << 26;

  private final JpegFrame frame;
  private final List<JpegCoefficients> components = new ArrayList<>();

  JpegStoredScans(JpegFrame frame) throws UnusualJpegException {
    if (JpegCoefficients.count(frame) > MOST_COEFFICIENTS) {
      throw new UnusualJpegException("the coefficients are too many to store");
    }
    this.frame = frame;
    frame.components().forEach(c -> components.add(new JpegCoefficients(frame, c)));
  }

  /**
   * Reads one scan.
   *
   * @param bits at its first coded byte
   */
  void read(JpegScan scan, JpegTables tables, JpegBits bits) throws UnusualJpegException {
    List<JpegBlockReader> readers = new ArrayList<>();
    for (int part = 0; part < scan.components().size(); part++) {
      JpegCoefficients target = components.get(scan.components().get(part));
      target.begin(tables);
      target.refine(scan, frame.progressive());
      readers.add(new JpegBlockReader(bits, scan, part, target, tables, frame.progressive()));
    }
    JpegInterval interval = new JpegInterval(bits, tables.restartInterval());
    if (readers.size() == 1) {
      readAlone(components.get(scan.components().getFirst()), readers.getFirst(), interval, bits);
    } else {
      readInterleaved(scan, readers, interval, bits);
    }
  }

  private static void readAlone(
      JpegCoefficients target, JpegBlockReader reader, JpegInterval interval, JpegBits bits)
      throws UnusualJpegException {
    for (int row = 0; row < target.realDown(); row++) {
      for (int column = 0; column < target.realAcross(); column++) {
        if (interval.next()) {
          reader.restart();
        }
        reader.read(target.block(row, column));
      }
      bits.requireComplete();
    }
  }

  private void readInterleaved(
      JpegScan scan, List<JpegBlockReader> readers, JpegInterval interval, JpegBits bits)
      throws UnusualJpegException {
    for (int unitRow = 0; unitRow < frame.unitsDown(); unitRow++) {
      for (int unit = 0; unit < frame.unitsAcross(); unit++) {
        if (interval.next()) {
          readers.forEach(JpegBlockReader::restart);
        }
        for (int part = 0; part < readers.size(); part++) {
          readUnit(scan.components().get(part), readers.get(part), unitRow, unit);
        }
      }
      bits.requireComplete();
    }
  }

  private void readUnit(int component, JpegBlockReader reader, int unitRow, int unit)
      throws UnusualJpegException {
    int blocksX = frame.components().get(component).blocksX();
    int blocksY = frame.components().get(component).blocksY();
    for (int y = 0; y < blocksY; y++) {
      for (int x = 0; x < blocksX; x++) {
        reader.read(components.get(component).block(unitRow * blocksY + y, unit * blocksX + x));
      }
    }
  }

  /** Transforms everything; refuses a picture of which a part is missing. */
  void write(JpegPicture picture) throws UnusualJpegException {
    for (JpegCoefficients component : components) {
      component.requireComplete();
    }
    int[] block = new int[64];
    for (int unitRow = 0; unitRow < frame.unitsDown(); unitRow++) {
      for (int i = 0; i < components.size(); i++) {
        JpegCoefficients source = components.get(i);
        int blocksX = frame.components().get(i).blocksX();
        int blocksY = frame.components().get(i).blocksY();
        for (int y = 0; y < blocksY; y++) {
          for (int column = 0; column < frame.unitsAcross() * blocksX; column++) {
            int written = source.read(unitRow * blocksY + y, column, block);
            picture.write(i, column, y, block, written);
          }
        }
      }
      picture.finishRow(unitRow);
    }
  }
}
