package io.sensorium.host.bench.hotplug;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts times in cells that are 0.4 % wide, in memory that does not grow. Thread-safe: what is
 * recorded while a quantile is computed may be missed.
 */
public final class Latencies {
  private static final int CELLS_PER_OCTAVE_LOG = 8;
  private static final int CELLS_PER_OCTAVE = 1 << CELLS_PER_OCTAVE_LOG;
  private static final int OCTAVES = 48 - CELLS_PER_OCTAVE_LOG;

  private final AtomicLongArray cells = new AtomicLongArray(OCTAVES * CELLS_PER_OCTAVE);

  void record(long nanos) {
    cells.incrementAndGet(cell(Math.max(1, nanos)));
  }

  /** Adds what another has counted. */
  void add(Latencies other) {
    for (int i = 0; i < cells.length(); i++) {
      cells.addAndGet(i, other.cells.get(i));
    }
  }

  long count() {
    long count = 0;
    for (int i = 0; i < cells.length(); i++) {
      count += cells.get(i);
    }
    return count;
  }

  /** The time in milliseconds that this share of all stays within; NaN if there are none. */
  double millis(double share) {
    long wanted = (long) Math.ceil(share * count());
    if (wanted == 0) {
      return Double.NaN;
    }
    int cell = 0;
    for (long seen = cells.get(0); seen < wanted; seen += cells.get(cell)) {
      cell++;
    }
    return (double) upperBound(cell) / TimeUnit.MILLISECONDS.toNanos(1);
  }

  private static int cell(long nanos) {
    int octave =
        Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - CELLS_PER_OCTAVE_LOG - 1);
    int cell = (int) ((nanos >> octave) + (long) octave * CELLS_PER_OCTAVE);
    return Math.min(cell, OCTAVES * CELLS_PER_OCTAVE - 1);
  }

  private static long upperBound(int cell) {
    // The first two octaves share one width, so that cells go on without a gap.
    int octave = Math.max(0, cell / CELLS_PER_OCTAVE - 1);
    return ((long) cell - (long) octave * CELLS_PER_OCTAVE + 1) << octave;
  }
}
