package io.sensorium.models.preprocessing;

import static io.sensorium.models.preprocessing.ResizeCoefficients.HALF;
import static io.sensorium.models.preprocessing.RgbPixels.CHANNELS;

import java.util.Arrays;

/**
 * Weighs horizontally resized rows into the rows of the result; only as many of them are kept as
 * one row of the result needs.
 */
final class VerticalPass {
  private final HorizontalPass rows;
  private final int[][] kept;
  private int next;

  private VerticalPass(HorizontalPass rows, int rowLength, int taps) {
    this.rows = rows;
    // One more, since rows come in pairs.
    this.kept = new int[taps + 1 + (taps + 1) % 2][rowLength];
  }

  /**
   * @param width of the rows
   * @param axis from the rows' number to the result's height
   */
  static RgbPixels run(HorizontalPass rows, int width, ResizeCoefficients axis) {
    int height = axis.firsts.length;
    int rowLength = width * CHANNELS;
    byte[] resized = new byte[RgbPixels.byteCount(width, height)];
    VerticalPass pass = new VerticalPass(rows, rowLength, axis.stride);
    int[] sums = new int[rowLength];
    for (int y = 0; y < height; y++) {
      pass.weigh(axis, y, sums);
      HorizontalPass.clip(sums);
      narrow(sums, resized, y * rowLength);
    }
    return new RgbPixels(width, height, resized);
  }

  private void weigh(ResizeCoefficients axis, int y, int[] sums) {
    int first = axis.firsts[y];
    int count = axis.counts[y];
    // Rows that no output needs are left out, in pairs.
    next = Math.max(next, first & ~1);
    for (; next < first + count; next += 2) {
      rows.resize(next, kept[next % kept.length], kept[(next + 1) % kept.length]);
    }
    Arrays.fill(sums, HALF);
    for (int tap = 0; tap < count; tap++) {
      add(kept[(first + tap) % kept.length], axis.weights[y * axis.stride + tap], sums);
    }
  }

  // A method of its own over ints alone: the compiler makes vector instructions of it.
  private static void add(int[] row, int weight, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += row[i] * weight;
    }
  }

  private static void narrow(int[] values, byte[] target, int start) {
    for (int i = 0; i < values.length; i++) {
      target[start + i] = (byte) values[i];
    }
  }
}
