package io.sensorium.media;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Turns planes of samples into rows of RGB pixels: chroma is interpolated as libjpeg's "fancy"
 * upsampling does it (triangle filter, alternating rounding), colours by its formulas.
 *
 * <p>An output row whose chroma lies between two rows of units waits for the second one. The loops
 * are small and over ints alone, so that the JVM's compiler makes vector instructions of them.
 */
final class JpegPixelRows {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int HALF = 1 << 15;

  // 16 binary places, as libjpeg rounds them.
  private static final int RED_OF_CR = 91881;
  private static final int GREEN_OF_CB = -22554;
  private static final int GREEN_OF_CR = -46802;
  private static final int BLUE_OF_CB = 116130;
  private static final int RED_OFFSET = HALF - 128 * RED_OF_CR;
  private static final int GREEN_OFFSET = HALF - 128 * (GREEN_OF_CB + GREEN_OF_CR);
  private static final int BLUE_OFFSET = HALF - 128 * BLUE_OF_CB;

  private final JpegFrame frame;
  private final JpegPlane[] planes;
  private final RgbCanvas canvas;
  private final int unitHeight;
  private final int chromaRows;
  private final int[] sums;
  private final int[] oddColumns;
  private final int[] cb;
  private final int[] cr;
  private final int[] red;
  private final int[] green;
  private final int[] pixels;
  private final byte[] rowBytes;

  JpegPixelRows(JpegFrame frame, JpegPlane[] planes, RgbCanvas canvas) {
    this.frame = frame;
    this.planes = planes;
    this.canvas = canvas;
    this.unitHeight = 8 * frame.chromaStepY();
    this.chromaRows = Math.ceilDiv(frame.height(), frame.chromaStepY());
    int length = planes[0].row(0).length;
    this.sums = new int[length];
    this.oddColumns = new int[length / 2];
    this.cb = new int[length];
    this.cr = new int[length];
    this.red = new int[length];
    this.green = new int[length];
    this.pixels = new int[length];
    this.rowBytes = new byte[3 * length + Long.BYTES];
  }

  /** Writes what the planes, finished for this row of units, allow. */
  void write(int unitRow) {
    int top = unitRow * unitHeight;
    int waiting = frame.chromaStepY() - 1;
    int end = unitRow == frame.unitsDown() - 1 ? frame.height() : top + unitHeight - waiting;
    for (int y = Math.max(0, top - waiting); y < end; y++) {
      int[] luma = planes[0].row(y - top + 1);
      if (planes.length == 1) {
        packGrey(luma, pixels);
      } else {
        int[] cbRow = chroma(planes[1], y, unitRow, cb);
        int[] crRow = chroma(planes[2], y, unitRow, cr);
        channel(luma, crRow, RED_OF_CR, RED_OFFSET, red);
        green(luma, cbRow, crRow, green);
        channel(luma, cbRow, BLUE_OF_CB, BLUE_OFFSET, pixels);
        pack(red, green, pixels);
      }
      interleave(pixels, planes[0].odd, rowBytes);
      System.arraycopy(rowBytes, 0, canvas.rgb, canvas.offset(0, y), 3 * frame.width());
    }
  }

  /** The chroma of all pixels of a row, even columns in front. */
  private int[] chroma(JpegPlane plane, int y, int unitRow, int[] target) {
    int first = 8 * unitRow - 1;
    if (frame.chromaStepY() == 1) {
      int[] row = plane.row(y - first);
      if (frame.chromaStepX() == 1) {
        return row;
      }
      interpolate(row, 1, 2, 2, target);
      return target;
    }
    int nearest = y >> 1;
    int next = Math.clamp(nearest + ((y & 1) == 0 ? -1 : 1), 0, chromaRows - 1);
    int[] row = plane.row(nearest - first);
    int[] nextRow = plane.row(next - first);
    if (frame.chromaStepX() == 1) {
      blend(row, nextRow, 1 + (y & 1), target);
      return target;
    }
    weigh(row, nextRow, sums);
    interpolate(sums, 8, 7, 4, target);
    return target;
  }

  private void interpolate(int[] row, int evenHalf, int oddHalf, int shift, int[] target) {
    int odd = planes[0].odd;
    interpolateEven(row, evenHalf, shift, target, odd);
    interpolateOdd(row, oddHalf, shift, oddColumns, odd);
    System.arraycopy(oddColumns, 0, target, odd, odd);
  }

  private static void weigh(int[] row, int[] next, int[] target) {
    int length = Math.min(row.length, next.length);
    for (int i = 0; i < length; i++) {
      target[i] = 3 * row[i] + next[i];
    }
  }

  private static void blend(int[] row, int[] next, int half, int[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] = (3 * row[i] + next[i] + half) >> 2;
    }
  }

  private static void interpolateEven(int[] row, int half, int shift, int[] target, int count) {
    for (int i = 0; i < count; i++) {
      target[i] = (3 * row[i + 1] + row[i] + half) >> shift;
    }
  }

  private static void interpolateOdd(int[] row, int half, int shift, int[] target, int count) {
    for (int i = 0; i < count; i++) {
      target[i] = (3 * row[i + 1] + row[i + 2] + half) >> shift;
    }
  }

  private static void channel(int[] luma, int[] chroma, int factor, int offset, int[] target) {
    for (int i = 0; i < target.length; i++) {
      int value = luma[i] + ((factor * chroma[i] + offset) >> 16);
      target[i] = Math.min(Math.max(value, 0), 255);
    }
  }

  private static void green(int[] luma, int[] cb, int[] cr, int[] target) {
    for (int i = 0; i < target.length; i++) {
      int value = luma[i] + ((GREEN_OF_CB * cb[i] + GREEN_OF_CR * cr[i] + GREEN_OFFSET) >> 16);
      target[i] = Math.min(Math.max(value, 0), 255);
    }
  }

  private static void pack(int[] red, int[] green, int[] blueAndTarget) {
    for (int i = 0; i < blueAndTarget.length; i++) {
      blueAndTarget[i] = red[i] | green[i] << 8 | blueAndTarget[i] << 16;
    }
  }

  private static void packGrey(int[] luma, int[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] = luma[i] * 0x010101;
    }
  }

  /** Two pixels at once; each pair's two surplus bytes are overwritten by the next one. */
  private static void interleave(int[] pixels, int odd, byte[] target) {
    for (int i = 0; i < odd; i++) {
      LONG.set(target, 6 * i, pixels[i] | (long) pixels[odd + i] << 24);
    }
  }
}
