package io.sensorium.examples.motion;

import java.util.Arrays;

/** Samples at whatever times they came, and what they are at an even rate. One thread at a time. */
final class RecordedSamples {
  private static final int COLUMNS = 4;
  private static final double ROUNDING_SECONDS = 1e-7;

  // Time in seconds, then three axes in m/s², sample by sample.
  private final double[][] columns = new double[COLUMNS][512];
  private int size;

  int size() {
    return size;
  }

  /** The time of the last sample, or 0. */
  double lastSecond() {
    return size == 0 ? 0 : columns[0][size - 1];
  }

  /**
   * Adds a sample.
   *
   * @param row time, from 0 and increasing, and three axes
   */
  void add(double[] row) {
    for (int column = 0; column < COLUMNS; column++) {
      if (size == columns[column].length) {
        columns[column] = Arrays.copyOf(columns[column], 2 * size);
      }
      columns[column][size] = row[column];
    }
    size++;
  }

  /**
   * The samples at an even rate: straight lines between those recorded, and of those that came at
   * least twice as often the mean over each step, so that fast shaking does not fold into slow.
   *
   * @param most how many to answer at most
   */
  Acceleration at(int rate, int most) {
    int count = (int) Math.min(most, Math.floor((lastSecond() + ROUNDING_SECONDS) * rate) + 1);
    boolean averaged = (size - 1) / lastSecond() >= 2.0 * rate;
    var axes = new double[COLUMNS - 1][];
    for (int axis = 0; axis < axes.length; axis++) {
      axes[axis] = averaged ? means(axis + 1, rate, count) : points(axis + 1, rate, count);
    }
    return new Acceleration(axes[0], axes[1], axes[2]);
  }

  private double[] points(int column, int rate, int count) {
    var values = new double[count];
    int before = 0;
    for (int i = 0; i < count; i++) {
      before = last(before, (double) i / rate);
      values[i] = on(column, before, (double) i / rate);
    }
    return values;
  }

  /** Differences of the integral of the straight lines. */
  private double[] means(int column, int rate, int count) {
    var integral = new double[size];
    for (int i = 1; i < size; i++) {
      double step = columns[0][i] - columns[0][i - 1];
      integral[i] = integral[i - 1] + step * (columns[column][i] + columns[column][i - 1]) / 2;
    }
    var values = new double[count];
    for (int i = 0; i < count; i++) {
      double from = Math.max(0, (i - 0.5) / rate);
      double to = Math.min(lastSecond(), (i + 0.5) / rate);
      values[i] = (upTo(column, integral, to) - upTo(column, integral, from)) / (to - from);
    }
    return values;
  }

  private double upTo(int column, double[] integral, double second) {
    int before = last(0, second);
    double step = second - columns[0][before];
    double value = on(column, before, second);
    return integral[before] + step * (columns[column][before] + value) / 2;
  }

  /** The last sample at or before a time, of those from {@code least} on that have a successor. */
  private int last(int least, double second) {
    int found = Arrays.binarySearch(columns[0], least, size, second);
    return Math.min(found >= 0 ? found : -found - 2, size - 2);
  }

  private double on(int column, int before, double second) {
    double step = columns[0][before + 1] - columns[0][before];
    double part = Math.clamp((second - columns[0][before]) / step, 0, 1);
    return columns[column][before] + part * (columns[column][before + 1] - columns[column][before]);
  }
}
