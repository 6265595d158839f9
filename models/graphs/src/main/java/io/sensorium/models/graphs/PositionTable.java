package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Learned positions: one row for every special token, then one for every patch of a grid, row by
 * row. Immutable.
 *
 * <p>Where a model shall read pictures of another size than it was trained with, the grid's part is
 * resampled like a picture, once, while the graph is written; special tokens keep their rows.
 *
 * @param specialTokens how many rows lead
 * @param grid the patches that the table was learned for
 * @param filter how the reference implementation resamples
 */
record PositionTable(int specialTokens, Extent grid, Filter filter) {
  /** Such a table is kept inside the graph's file. */
  private static final long MAX_PATCHES = 1 << 14;

  /** How positions between the learned ones are found: cubic convolution (Keys, 1981). */
  enum Filter {
    /** Torch's {@code interpolate(mode="bicubic", align_corners=False)}. */
    BICUBIC(-0.75, false),
    /** The same with {@code antialias=True}: the kernel widens with the step of a smaller grid. */
    BICUBIC_ANTIALIASED(-0.5, true);

    private static final int SUPPORT = 2;

    private final double a;
    private final boolean antialiased;

    Filter(double a, boolean antialiased) {
      this.a = a;
      this.antialiased = antialiased;
    }

    private double weight(double distance) {
      double x = Math.abs(distance);
      if (x < 1) {
        return ((a + 2) * x - (a + 3)) * x * x + 1;
      }
      return x < SUPPORT ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
  }

  /** How many rows the learned table has. */
  long rows() {
    return specialTokens + grid.area();
  }

  /**
   * The checkpoint's table for a grid of the wanted size: the stored tensor itself if that is the
   * learned one.
   *
   * @param name the stored tensor
   * @param wanted the patches that the graph cuts
   * @param dimensions of the stored tensor, {@code [..., rows(), d]}
   * @return {@code float32[..., specialTokens + wanted.area(), d]}
   */
  Value write(Draft draft, String name, Extent wanted, long... dimensions) {
    if (wanted.equals(grid)) {
      return draft.weights().get(name, dimensions);
    }
    if (wanted.area() > MAX_PATCHES) {
      throw new ModelLoadException(
          "'%s' can be resampled to at most %d patches; got %dx%d"
              .formatted(name, MAX_PATCHES, wanted.rows(), wanted.columns()));
    }
    String resampled = "%s[%dx%d]".formatted(name, wanted.rows(), wanted.columns());
    return draft.weights().derive(name, resampled, table -> resample(table, wanted), dimensions);
  }

  /**
   * Resamples a table, in double precision.
   *
   * @param table {@code float32[..., rows(), d]} with leading axes of size 1
   * @return {@code float32[..., specialTokens + wanted.area(), d]}
   */
  Tensor resample(Tensor table, Extent wanted) {
    int rank = table.shape().rank();
    int width = (int) table.shape().dimension(rank - 1);
    Tensor result =
        Tensor.allocate(
            ElementType.FLOAT32, table.shape().with(rank - 2, specialTokens + wanted.area()));
    FloatBuffer from = table.asFloats();
    FloatBuffer to = result.asFloats();
    to.put(0, from, 0, specialTokens * width);
    Taps[] columns = new Taps[wanted.columns()];
    for (int column = 0; column < columns.length; column++) {
      columns[column] = Taps.of(column, grid.columns(), wanted.columns(), filter);
    }
    int target = specialTokens * width;
    double[] mixed = new double[width];
    for (int row = 0; row < wanted.rows(); row++) {
      Taps rowTaps = Taps.of(row, grid.rows(), wanted.rows(), filter);
      for (Taps columnTaps : columns) {
        mix(from, rowTaps, columnTaps, mixed);
        for (double value : mixed) {
          to.put(target++, (float) value);
        }
      }
    }
    return result;
  }

  private void mix(FloatBuffer table, Taps rows, Taps columns, double[] mixed) {
    Arrays.fill(mixed, 0);
    for (int r = 0; r < rows.weights.length; r++) {
      for (int c = 0; c < columns.weights.length; c++) {
        double weight = rows.weights[r] * columns.weights[c];
        int patch = (rows.first + r) * grid.columns() + columns.first + c;
        int source = (specialTokens + patch) * mixed.length;
        for (int i = 0; i < mixed.length; i++) {
          mixed[i] += weight * table.get(source + i);
        }
      }
    }
  }

  /** Which learned positions of one axis a wanted position mixes; the weights sum to 1. */
  private static final class Taps {
    private final int first;
    private final double[] weights;

    private Taps(int first, double[] weights) {
      this.first = first;
      this.weights = weights;
    }

    static Taps of(int position, int learned, int wanted, Filter filter) {
      double step = (double) learned / wanted;
      double stretch = filter.antialiased ? Math.max(step, 1) : 1;
      double centre = (position + 0.5) * step;
      double support = Filter.SUPPORT * stretch;
      int from = (int) Math.floor(centre - support + 0.5);
      int to = (int) Math.floor(centre + support + 0.5);
      int first = Math.clamp(from, 0, learned - 1);
      double[] weights = new double[Math.min(to, learned) - first];
      double sum = 0;
      for (int tap = from; tap < to; tap++) {
        boolean outside = tap < 0 || tap >= learned;
        // Beyond the border the plain filter repeats the outermost position; the other sees none.
        if (!outside || !filter.antialiased) {
          double weight = filter.weight((tap + 0.5 - centre) / stretch);
          weights[Math.clamp(tap, 0, learned - 1) - first] += weight;
          sum += weight;
        }
      }
      for (int i = 0; i < weights.length; i++) {
        weights[i] /= sum;
      }
      return new Taps(first, weights);
    }
  }
}
