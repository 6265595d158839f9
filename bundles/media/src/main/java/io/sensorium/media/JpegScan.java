package io.sensorium.media;

import java.util.ArrayList;
import java.util.List;

/**
 * A scan header: which components follow, by which tables and, in a progressive picture, which part
 * of their coefficients.
 *
 * @param components indexes into the frame's components
 * @param dc slots of tables, one a component
 * @param ac likewise
 * @param firstCoefficient in zigzag order
 * @param lastCoefficient in zigzag order
 * @param previousBit the lowest bit that an earlier scan has given, 0 if there was none
 * @param lowestBit the lowest bit that this scan gives
 */
record JpegScan(
    List<Integer> components,
    List<Integer> dc,
    List<Integer> ac,
    int firstCoefficient,
    int lastCoefficient,
    int previousBit,
    int lowestBit) {
  private static final int MOST_BITS = 13;

  JpegScan {
    components = List.copyOf(components);
    dc = List.copyOf(dc);
    ac = List.copyOf(ac);
  }

  static JpegScan read(ByteReader content, JpegFrame frame)
      throws MalformedMediaException, UnusualJpegException {
    int count = content.u8();
    List<Integer> components = new ArrayList<>();
    List<Integer> dc = new ArrayList<>();
    List<Integer> ac = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int component = indexOf(content.u8(), frame);
      if (components.contains(component)) {
        throw new UnusualJpegException("a scan names a component twice");
      }
      components.add(component);
      int tables = content.u8();
      dc.add(tables >> 4);
      ac.add(tables & 15);
    }
    int first = content.u8();
    int last = content.u8();
    int bits = content.u8();
    JpegScan scan = new JpegScan(components, dc, ac, first, last, bits >> 4, bits & 15);
    if (count == 0 || (frame.progressive() && !scan.isKnownProgression())) {
      throw new UnusualJpegException("a scan has no such form");
    }
    return scan;
  }

  private static int indexOf(int id, JpegFrame frame) throws UnusualJpegException {
    for (int i = 0; i < frame.components().size(); i++) {
      if (frame.components().get(i).id() == id) {
        return i;
      }
    }
    throw new UnusualJpegException("a scan names an unknown component");
  }

  private boolean isKnownProgression() {
    boolean range =
        firstCoefficient == 0
            ? lastCoefficient == 0
            : lastCoefficient >= firstCoefficient && lastCoefficient < 64 && components.size() == 1;
    boolean bits = lowestBit <= MOST_BITS && (previousBit == 0 || previousBit == lowestBit + 1);
    return range && bits;
  }
}
