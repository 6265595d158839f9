package io.sensorium.host.bench.hotplug;

import java.util.List;

/**
 * A least-squares line through points, with the half width of the 95 % confidence interval of its
 * slope. The interval takes the points as independent: what wanders is less certain than it says.
 *
 * @param slope per unit of x; 0 with fewer than three points
 * @param halfWidth infinite with fewer than three points
 */
public record Trend(double slope, double halfWidth) {
  private static final double NORMAL = 1.959964;

  /** A point. */
  record Point(double x, double y) {}

  static Trend of(List<Point> points) {
    int count = points.size();
    double meanX = points.stream().mapToDouble(Point::x).average().orElse(0);
    double meanY = points.stream().mapToDouble(Point::y).average().orElse(0);
    double xx = points.stream().mapToDouble(p -> (p.x() - meanX) * (p.x() - meanX)).sum();
    if (count < 3 || xx == 0) {
      return new Trend(0, Double.POSITIVE_INFINITY);
    }
    double xy = points.stream().mapToDouble(p -> (p.x() - meanX) * (p.y() - meanY)).sum();
    double slope = xy / xx;
    double residual =
        points.stream()
            .mapToDouble(p -> p.y() - meanY - slope * (p.x() - meanX))
            .map(error -> error * error)
            .sum();
    int freedom = count - 2;
    return new Trend(slope, studentT(freedom) * Math.sqrt(residual / freedom / xx));
  }

  /** The 97.5 % quantile of Student's t, by Cornish and Fisher's expansion. */
  private static double studentT(int freedom) {
    double z = NORMAL;
    double z3 = z * z * z;
    double z5 = z3 * z * z;
    return z + (z3 + z) / (4.0 * freedom) + (5 * z5 + 16 * z3 + 3 * z) / (96.0 * freedom * freedom);
  }

  /** The lowest slope that the points do not speak against. */
  double atLeast() {
    return slope - halfWidth;
  }
}
