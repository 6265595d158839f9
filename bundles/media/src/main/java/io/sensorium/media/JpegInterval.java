package io.sensorium.media;

/** Counts the units of a scan and begins anew at its restart markers. Used by one thread. */
final class JpegInterval {
  private final JpegBits bits;
  private final int length;
  private int left;
  private int number;

  /**
   * @param length in units, 0 if there are no markers
   */
  JpegInterval(JpegBits bits, int length) {
    this.bits = bits;
    this.length = length;
    this.left = length;
  }

  /** Goes on to the next unit; answers whether what was predicted from the last ones is void. */
  boolean next() throws UnusualJpegException {
    if (length == 0 || left-- > 0) {
      return false;
    }
    bits.restart(number);
    number = (number + 1) & 7;
    left = length - 1;
    return true;
  }
}
