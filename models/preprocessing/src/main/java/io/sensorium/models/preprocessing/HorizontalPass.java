package io.sensorium.models.preprocessing;

import static io.sensorium.models.preprocessing.ResizeCoefficients.HALF;
import static io.sensorium.models.preprocessing.ResizeCoefficients.PRECISION_BITS;
import static io.sensorium.models.preprocessing.RgbPixels.CHANNELS;

/**
 * Resizes the rows of a picture, in pairs.
 *
 * <p>A long holds two sums, one in each half, so that one multiplication serves both. Few weights a
 * pixel: the sums of a colour in both rows share a long. Many weights: red and blue of one row
 * share one and green is alone, a loop that the compiler makes vector instructions of, which pays
 * from about two dozen rounds on (measured on AVX2 and AVX-512). Used by one thread.
 */
final class HorizontalPass {
  private static final long TWO_HALVES = ((long) HALF << 32) + HALF;
  private static final int MANY_WEIGHTS = 22;

  private final RgbPixels source;
  private final ResizeCoefficients axis;
  private final byte[] upper;
  private final byte[] lower;
  private final long[] red;
  private final long[] green;
  private final long[] blue;
  private final int[] greenAlone;

  HorizontalPass(RgbPixels source, ResizeCoefficients axis) {
    int width = source.width();
    boolean many = axis.stride > MANY_WEIGHTS;
    this.source = source;
    this.axis = axis;
    this.upper = new byte[width * CHANNELS];
    this.lower = new byte[many ? 0 : width * CHANNELS];
    this.red = new long[width];
    this.green = new long[many ? 0 : width];
    this.blue = new long[many ? 0 : width];
    this.greenAlone = new int[many ? width : 0];
  }

  /**
   * Resizes row {@code y} and the next one, if there is one, into ints from 0 to 255, R G B
   * interleaved.
   */
  void resize(int y, int[] upperTarget, int[] lowerTarget) {
    int next = Math.min(y + 1, source.height() - 1);
    if (axis.stride > MANY_WEIGHTS) {
      resizeAlone(y, upperTarget);
      resizeAlone(next, lowerTarget);
    } else {
      source.readRow(y, upper);
      source.readRow(next, lower);
      joinRows(upper, lower, red, green, blue);
      weighRows(red, green, blue, axis, upperTarget, lowerTarget);
    }
    clip(upperTarget);
    clip(lowerTarget);
  }

  private void resizeAlone(int y, int[] target) {
    source.readRow(y, upper);
    joinColours(upper, red, greenAlone);
    weighColours(red, greenAlone, axis, target);
  }

  private static void joinRows(byte[] upper, byte[] lower, long[] red, long[] green, long[] blue) {
    for (int x = 0, read = 0; x < red.length; x++, read += CHANNELS) {
      red[x] = (long) (upper[read] & 0xFF) << 32 | (lower[read] & 0xFF);
      green[x] = (long) (upper[read + 1] & 0xFF) << 32 | (lower[read + 1] & 0xFF);
      blue[x] = (long) (upper[read + 2] & 0xFF) << 32 | (lower[read + 2] & 0xFF);
    }
  }

  private static void weighRows(
      long[] red, long[] green, long[] blue, ResizeCoefficients axis, int[] upper, int[] lower) {
    int[] weights = axis.weights;
    for (int x = 0, write = 0; x < axis.firsts.length; x++, write += CHANNELS) {
      long redSum = TWO_HALVES;
      long greenSum = TWO_HALVES;
      long blueSum = TWO_HALVES;
      int read = axis.firsts[x];
      int tap = x * axis.stride;
      for (int end = tap + axis.counts[x]; tap < end; tap++, read++) {
        long weight = weights[tap];
        redSum += red[read] * weight;
        greenSum += green[read] * weight;
        blueSum += blue[read] * weight;
      }
      upper[write] = upperSum(redSum);
      upper[write + 1] = upperSum(greenSum);
      upper[write + 2] = upperSum(blueSum);
      lower[write] = (int) redSum;
      lower[write + 1] = (int) greenSum;
      lower[write + 2] = (int) blueSum;
    }
  }

  private static void joinColours(byte[] bytes, long[] redBlue, int[] green) {
    for (int x = 0, read = 0; x < redBlue.length; x++, read += CHANNELS) {
      redBlue[x] = (long) (bytes[read] & 0xFF) << 32 | (bytes[read + 2] & 0xFF);
      green[x] = bytes[read + 1] & 0xFF;
    }
  }

  private static void weighColours(
      long[] redBlue, int[] green, ResizeCoefficients axis, int[] target) {
    int[] weights = axis.weights;
    for (int x = 0, write = 0; x < axis.firsts.length; x++, write += CHANNELS) {
      long redBlueSum = TWO_HALVES;
      int greenSum = HALF;
      int read = axis.firsts[x];
      int tap = x * axis.stride;
      for (int end = tap + axis.counts[x]; tap < end; tap++, read++) {
        int weight = weights[tap];
        redBlueSum += redBlue[read] * weight;
        greenSum += green[read] * weight;
      }
      target[write] = upperSum(redBlueSum);
      target[write + 1] = greenSum;
      target[write + 2] = (int) redBlueSum;
    }
  }

  /** Gives back what a negative lower sum has borrowed. */
  private static int upperSum(long sums) {
    return (int) ((sums - (int) sums) >> 32);
  }

  /** Rounds sums to 8 bits, as Pillow does after each pass. */
  static void clip(int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.min(Math.max(sums[i] >> PRECISION_BITS, 0), 255);
    }
  }
}
