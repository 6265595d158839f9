package io.sensorium.models.world.looks;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.util.Scanner;

/** Makes the shapes of drawings. */
final class Outlines {

  private Outlines() {}

  static Shape ellipse(double x, double y, double radiusX, double radiusY) {
    return new Ellipse2D.Double(x - radiusX, y - radiusY, 2 * radiusX, 2 * radiusY);
  }

  static Shape circle(double x, double y, double radius) {
    return ellipse(x, y, radius, radius);
  }

  static Shape box(double left, double top, double right, double bottom, double corner) {
    return new RoundRectangle2D.Double(
        left, top, right - left, bottom - top, 2 * corner, 2 * corner);
  }

  /** A path in the notation of SVG, absolute M, L, Q, C and Z only, all separated by blanks. */
  static Shape path(String notation) {
    Path2D.Double path = new Path2D.Double();
    try (Scanner scanner = new Scanner(notation)) {
      while (scanner.hasNext()) {
        String command = scanner.next();
        switch (command) {
          case "M" -> path.moveTo(number(scanner), number(scanner));
          case "L" -> path.lineTo(number(scanner), number(scanner));
          case "Q" ->
              path.quadTo(number(scanner), number(scanner), number(scanner), number(scanner));
          case "C" ->
              path.curveTo(
                  number(scanner),
                  number(scanner),
                  number(scanner),
                  number(scanner),
                  number(scanner),
                  number(scanner));
          case "Z" -> path.closePath();
          default ->
              throw new IllegalArgumentException(
                  "a path has commands M, L, Q, C and Z; got '" + command + "' in " + notation);
        }
      }
    }
    return path;
  }

  private static double number(Scanner scanner) {
    return Double.parseDouble(scanner.next());
  }

  /** The outline of a path drawn with a round pen. */
  static Shape pen(double width, String notation) {
    return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
        .createStrokedShape(path(notation));
  }

  /** Everything covered by any of the shapes, as one outline. */
  static Shape union(Shape... shapes) {
    if (shapes.length == 1) {
      return shapes[0];
    }
    Area area = new Area();
    for (Shape shape : shapes) {
      area.add(new Area(shape));
    }
    return new Path2D.Double(area);
  }
}
