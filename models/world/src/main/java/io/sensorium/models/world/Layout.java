package io.sensorium.models.world;

import java.util.ArrayList;
import java.util.List;

/**
 * A formation of a group: the centres of its objects, in steps between neighbours, the leftmost and
 * the topmost at 0.
 */
final class Layout {

  private static final List<List<Layout>> BY_COUNT =
      List.of(
          List.of(of(0, 0)),
          List.of(of(0, 0, 1, 0), of(0, 0, 0, 1), of(0, 0, 0.9, 0.75), of(0, 0.75, 0.9, 0)),
          List.of(
              of(0, 1, 1, 1, 0.5, 0),
              of(0, 0, 1, 0, 0.5, 1),
              of(0, 0, 0, 1, 1, 0.5),
              of(1, 0, 1, 1, 0, 0.5),
              of(0, 0, 1, 0, 2, 0),
              of(0, 0, 0, 1, 0, 2)),
          List.of(
              of(0, 0, 1, 0, 0, 1, 1, 1),
              of(0, 0, 1, 0, 0.3, 1, 1.3, 1),
              of(0.3, 0, 1.3, 0, 0, 1, 1, 1),
              of(0, 0.8, 0.8, 0, 1.6, 0.8, 0.8, 1.6),
              of(0, 0, 1, 0, 2, 0, 3, 0),
              of(0, 0, 0, 1, 0, 2, 0, 3)));

  private final double[] columns;
  private final double[] rows;

  private Layout(double[] columns, double[] rows) {
    this.columns = columns;
    this.rows = rows;
  }

  private static Layout of(double... coordinates) {
    double[] columns = new double[coordinates.length / 2];
    double[] rows = new double[columns.length];
    for (int index = 0; index < columns.length; index++) {
      columns[index] = coordinates[2 * index];
      rows[index] = coordinates[2 * index + 1];
    }
    return new Layout(columns, rows);
  }

  /** All formations of {@code count} objects, {@code box} large, that keep within the room. */
  static List<Layout> fitting(int count, double box, double width, double height) {
    List<Layout> fitting = new ArrayList<>();
    for (Layout layout : BY_COUNT.get(count - 1)) {
      if (layout.width(box) <= width && layout.height(box) <= height) {
        fitting.add(layout);
      }
    }
    return fitting;
  }

  /** Extent from the left edge of the leftmost to the right edge of the rightmost object. */
  double width(double box) {
    return extent(columns, box);
  }

  double height(double box) {
    return extent(rows, box);
  }

  /** Centre of an object from the left edge of the group. */
  double x(int index, double box) {
    return box / 2 + columns[index] * step(box);
  }

  double y(int index, double box) {
    return box / 2 + rows[index] * step(box);
  }

  private static double extent(double[] places, double box) {
    double furthest = 0;
    for (double place : places) {
      furthest = Math.max(furthest, place);
    }
    return box + furthest * step(box);
  }

  private static double step(double box) {
    return 1.06 * box;
  }
}
