package io.sensorium.media;

import static io.sensorium.media.JpegPlane.FRACTION_BITS;

import java.util.Arrays;

/**
 * The inverse cosine transform in integers, with the rounding of libjpeg's {@code jidctint}
 * ("islow"): Loeffler, Ligtenberg and Moschytz, ICASSP 1989; 13 binary places in the factors, two
 * more kept between the passes. Used by one thread.
 */
final class JpegInverseDct {
  private static final int FACTOR_BITS = 13;
  private static final int KEPT_BITS = 2;
  private static final int FIRST_SHIFT = FACTOR_BITS - KEPT_BITS;
  private static final int FIRST_HALF = 1 << (FIRST_SHIFT - 1);

  /** Half of the last place, and the level shift of 128. */
  private static final int SECOND_OFFSET = (1 << (FRACTION_BITS - 1)) + (128 << FRACTION_BITS);

  private static final int F_0_298631336 = 2446;
  private static final int F_0_390180644 = 3196;
  private static final int F_0_541196100 = 4433;
  private static final int F_0_765366865 = 6270;
  private static final int F_0_899976223 = 7373;
  private static final int F_1_175875602 = 9633;
  private static final int F_1_501321110 = 12299;
  private static final int F_1_847759065 = 15137;
  private static final int F_1_961570560 = 16069;
  private static final int F_2_053119869 = 16819;
  private static final int F_2_562915447 = 20995;
  private static final int F_3_072711026 = 25172;

  /** The bit of a row's or column's number by which the second four differ from the first. */
  private static final int SECOND_HALF = 4;

  private final int[] workspace = new int[64];

  /**
   * Transforms one block into eight rows of a plane, which are rounded by {@link
   * JpegPlane#finish()}.
   *
   * @param coefficients dequantized, rows from the top; zeros afterwards
   * @param written the union of the bits of those indexes whose coefficient may not be zero
   * @param firstRow of the plane's rows
   */
  void transform(int[] coefficients, int written, JpegPlane plane, int firstRow, int blockColumn) {
    int start = plane.start(blockColumn);
    int[][] rows = plane.rows();
    boolean split = plane.isSplit();
    int odd = split ? start + plane.odd : start + 4;
    if (written == 0) {
      fill(coefficients[0], rows, firstRow, start, odd);
      coefficients[0] = 0;
      return;
    }
    int columns = (written & SECOND_HALF) == 0 ? 4 : 8;
    if ((written & SECOND_HALF << 3) == 0) {
      shortColumns(coefficients, workspace, columns);
    } else {
      columns(coefficients, workspace, columns);
    }
    Arrays.fill(coefficients, 0);
    if (columns == 4) {
      for (int row = 0; row < 8; row++) {
        shortRow(workspace, row * 8, rows[firstRow + row], start, odd, split);
      }
    } else {
      for (int row = 0; row < 8; row++) {
        row(workspace, row * 8, rows[firstRow + row], start, odd, split);
      }
    }
  }

  private static void fill(int dc, int[][] rows, int firstRow, int start, int odd) {
    int value = (dc << (KEPT_BITS + FACTOR_BITS)) + SECOND_OFFSET;
    for (int row = firstRow; row < firstRow + 8; row++) {
      int[] target = rows[row];
      target[start] = value;
      target[start + 1] = value;
      target[start + 2] = value;
      target[start + 3] = value;
      target[odd] = value;
      target[odd + 1] = value;
      target[odd + 2] = value;
      target[odd + 3] = value;
    }
  }

  private static void columns(int[] in, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      int c1 = in[i + 8];
      int c2 = in[i + 16];
      int c3 = in[i + 24];
      int c4 = in[i + 32];
      int c5 = in[i + 40];
      int c6 = in[i + 48];
      int c7 = in[i + 56];
      if ((c1 | c2 | c3 | c4 | c5 | c6 | c7) == 0) {
        flatColumn(in[i] << KEPT_BITS, out, i);
        continue;
      }
      int z1 = (c2 + c6) * F_0_541196100;
      int even2 = z1 - c6 * F_1_847759065;
      int even3 = z1 + c2 * F_0_765366865;
      int even0 = ((in[i] + c4) << FACTOR_BITS) + FIRST_HALF;
      int even1 = ((in[i] - c4) << FACTOR_BITS) + FIRST_HALF;

      int z5 = (c1 + c3 + c5 + c7) * F_1_175875602;
      int z3 = z5 - (c7 + c3) * F_1_961570560;
      int z4 = z5 - (c5 + c1) * F_0_390180644;
      z1 = (c7 + c1) * F_0_899976223;
      int z2 = (c5 + c3) * F_2_562915447;
      int odd0 = c7 * F_0_298631336 - z1 + z3;
      int odd1 = c5 * F_2_053119869 - z2 + z4;
      int odd2 = c3 * F_3_072711026 - z2 + z3;
      int odd3 = c1 * F_1_501321110 - z1 + z4;

      out[i] = (even0 + even3 + odd3) >> FIRST_SHIFT;
      out[i + 8] = (even1 + even2 + odd2) >> FIRST_SHIFT;
      out[i + 16] = (even1 - even2 + odd1) >> FIRST_SHIFT;
      out[i + 24] = (even0 - even3 + odd0) >> FIRST_SHIFT;
      out[i + 32] = (even0 - even3 - odd0) >> FIRST_SHIFT;
      out[i + 40] = (even1 - even2 - odd1) >> FIRST_SHIFT;
      out[i + 48] = (even1 + even2 - odd2) >> FIRST_SHIFT;
      out[i + 56] = (even0 + even3 - odd3) >> FIRST_SHIFT;
    }
  }

  private static void flatColumn(int value, int[] out, int i) {
    out[i] = value;
    out[i + 8] = value;
    out[i + 16] = value;
    out[i + 24] = value;
    out[i + 32] = value;
    out[i + 40] = value;
    out[i + 48] = value;
    out[i + 56] = value;
  }

  private static void row(int[] in, int at, int[] target, int start, int odd, boolean split) {
    int c0 = in[at];
    int c1 = in[at + 1];
    int c2 = in[at + 2];
    int c3 = in[at + 3];
    int c4 = in[at + 4];
    int c5 = in[at + 5];
    int c6 = in[at + 6];
    int c7 = in[at + 7];
    int z1 = (c2 + c6) * F_0_541196100;
    int even2 = z1 - c6 * F_1_847759065;
    int even3 = z1 + c2 * F_0_765366865;
    int even0 = ((c0 + c4) << FACTOR_BITS) + SECOND_OFFSET;
    int even1 = ((c0 - c4) << FACTOR_BITS) + SECOND_OFFSET;

    int z5 = (c1 + c3 + c5 + c7) * F_1_175875602;
    int z3 = z5 - (c7 + c3) * F_1_961570560;
    int z4 = z5 - (c5 + c1) * F_0_390180644;
    z1 = (c7 + c1) * F_0_899976223;
    int z2 = (c5 + c3) * F_2_562915447;
    int odd0 = c7 * F_0_298631336 - z1 + z3;
    int odd1 = c5 * F_2_053119869 - z2 + z4;
    int odd2 = c3 * F_3_072711026 - z2 + z3;
    int odd3 = c1 * F_1_501321110 - z1 + z4;

    if (split) {
      target[start] = even0 + even3 + odd3;
      target[start + 1] = even1 - even2 + odd1;
      target[start + 2] = even0 - even3 - odd0;
      target[start + 3] = even1 + even2 - odd2;
      target[odd] = even1 + even2 + odd2;
      target[odd + 1] = even0 - even3 + odd0;
      target[odd + 2] = even1 - even2 - odd1;
      target[odd + 3] = even0 + even3 - odd3;
    } else {
      target[start] = even0 + even3 + odd3;
      target[start + 1] = even1 + even2 + odd2;
      target[start + 2] = even1 - even2 + odd1;
      target[start + 3] = even0 - even3 + odd0;
      target[start + 4] = even0 - even3 - odd0;
      target[start + 5] = even1 - even2 - odd1;
      target[start + 6] = even1 + even2 - odd2;
      target[start + 7] = even0 + even3 - odd3;
    }
  }

  // The same without coefficients 4 to 7, which are zero.

  private static void shortColumns(int[] in, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      int c1 = in[i + 8];
      int c2 = in[i + 16];
      int c3 = in[i + 24];
      if ((c1 | c2 | c3) == 0) {
        flatColumn(in[i] << KEPT_BITS, out, i);
        continue;
      }
      int even0 = (in[i] << FACTOR_BITS) + FIRST_HALF;
      int even2 = c2 * F_0_541196100;
      int even3 = c2 * (F_0_541196100 + F_0_765366865);

      int z5 = (c1 + c3) * F_1_175875602;
      int z3 = z5 - c3 * F_1_961570560;
      int z4 = z5 - c1 * F_0_390180644;
      int z1 = c1 * F_0_899976223;
      int z2 = c3 * F_2_562915447;
      int odd0 = z3 - z1;
      int odd1 = z4 - z2;
      int odd2 = c3 * F_3_072711026 - z2 + z3;
      int odd3 = c1 * F_1_501321110 - z1 + z4;

      out[i] = (even0 + even3 + odd3) >> FIRST_SHIFT;
      out[i + 8] = (even0 + even2 + odd2) >> FIRST_SHIFT;
      out[i + 16] = (even0 - even2 + odd1) >> FIRST_SHIFT;
      out[i + 24] = (even0 - even3 + odd0) >> FIRST_SHIFT;
      out[i + 32] = (even0 - even3 - odd0) >> FIRST_SHIFT;
      out[i + 40] = (even0 - even2 - odd1) >> FIRST_SHIFT;
      out[i + 48] = (even0 + even2 - odd2) >> FIRST_SHIFT;
      out[i + 56] = (even0 + even3 - odd3) >> FIRST_SHIFT;
    }
  }

  private static void shortRow(int[] in, int at, int[] target, int start, int odd, boolean split) {
    int c1 = in[at + 1];
    int c2 = in[at + 2];
    int c3 = in[at + 3];
    int even0 = (in[at] << FACTOR_BITS) + SECOND_OFFSET;
    int even2 = c2 * F_0_541196100;
    int even3 = c2 * (F_0_541196100 + F_0_765366865);

    int z5 = (c1 + c3) * F_1_175875602;
    int z3 = z5 - c3 * F_1_961570560;
    int z4 = z5 - c1 * F_0_390180644;
    int z1 = c1 * F_0_899976223;
    int z2 = c3 * F_2_562915447;
    int odd0 = z3 - z1;
    int odd1 = z4 - z2;
    int odd2 = c3 * F_3_072711026 - z2 + z3;
    int odd3 = c1 * F_1_501321110 - z1 + z4;

    if (split) {
      target[start] = even0 + even3 + odd3;
      target[start + 1] = even0 - even2 + odd1;
      target[start + 2] = even0 - even3 - odd0;
      target[start + 3] = even0 + even2 - odd2;
      target[odd] = even0 + even2 + odd2;
      target[odd + 1] = even0 - even3 + odd0;
      target[odd + 2] = even0 - even2 - odd1;
      target[odd + 3] = even0 + even3 - odd3;
    } else {
      target[start] = even0 + even3 + odd3;
      target[start + 1] = even0 + even2 + odd2;
      target[start + 2] = even0 - even2 + odd1;
      target[start + 3] = even0 - even3 + odd0;
      target[start + 4] = even0 - even3 - odd0;
      target[start + 5] = even0 - even2 - odd1;
      target[start + 6] = even0 + even2 - odd2;
      target[start + 7] = even0 + even3 - odd3;
    }
  }
}
