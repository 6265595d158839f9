package io.sensorium.host.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws the three axes of a recording as one small picture. Stateless. */
final class MotionPlot {
  private static final int WIDTH = 400;
  private static final int HEIGHT = 150;
  private static final int AXES = 3;
  private static final double LEAST_RANGE = 2;

  private MotionPlot() {}

  /**
   * An SVG element: one line per axis, each less its mean, all in one scale.
   *
   * @param file {@code t,x,y,z} under a header
   */
  static String of(Path file, String title) {
    List<double[]> rows = read(file);
    var svg = new StringBuilder();
    svg.append("<svg class=motion viewBox=\"0 0 %d %d\" role=img>".formatted(WIDTH, HEIGHT));
    svg.append("<title>").append(ResultPage.escape(title)).append("</title>");
    double[] means = new double[AXES + 1];
    for (int axis = 1; axis <= AXES; axis++) {
      int column = axis;
      means[axis] = rows.stream().mapToDouble(row -> row[column]).average().orElse(0);
    }
    double range = LEAST_RANGE;
    for (double[] row : rows) {
      for (int axis = 1; axis <= AXES; axis++) {
        range = Math.max(range, Math.abs(row[axis] - means[axis]));
      }
    }
    for (int axis = 1; axis <= AXES; axis++) {
      svg.append("<polyline points=\"");
      for (int i = 0; i < rows.size(); i++) {
        double x = WIDTH * i / (double) Math.max(1, rows.size() - 1);
        double y = HEIGHT / 2.0 * (1 - 0.95 * (rows.get(i)[axis] - means[axis]) / range);
        svg.append(String.format(Locale.ROOT, "%.0f,%.1f ", x, y));
      }
      svg.append("\"/>");
    }
    return svg.append("</svg>").toString();
  }

  private static List<double[]> read(Path file) {
    try {
      List<double[]> rows = new ArrayList<>();
      List<String> lines = Files.readAllLines(file);
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split(",", -1);
        double[] row = new double[AXES + 1];
        for (int column = 0; column <= AXES; column++) {
          row[column] = Double.parseDouble(cells[column]);
        }
        rows.add(row);
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
