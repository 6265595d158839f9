package io.sensorium.models.world.looks;

import static io.sensorium.models.world.looks.Outlines.box;
import static io.sensorium.models.world.looks.Outlines.circle;
import static io.sensorium.models.world.looks.Outlines.ellipse;
import static io.sensorium.models.world.looks.Outlines.path;
import static io.sensorium.models.world.looks.Outlines.pen;

/** Water and air. */
final class WeatherLooks {

  private WeatherLooks() {}

  /** A cloud over three dark streaks. */
  static Look rain() {
    return new Look.Builder()
        .main(
            circle(24, 40, 20),
            ellipse(50, 26, 26, 25),
            circle(77, 40, 20),
            box(14, 36, 88, 60, 12))
        .dark(pen(8, "M 30 70 L 20 96"), pen(8, "M 54 70 L 44 96"), pen(8, "M 78 70 L 68 96"))
        .build();
  }

  /** Three strokes that curl up at their ends. */
  static Look wind() {
    return new Look.Builder()
        .main(
            pen(10, "M 4 34 L 54 34 C 76 34 76 6 56 6 C 46 6 42 14 46 20"),
            pen(10, "M 0 54 L 78 54 C 102 54 100 24 82 28"),
            pen(10, "M 12 74 L 52 74 C 72 74 70 98 54 96 C 46 95 44 90 46 86"))
        .build();
  }

  /** A curling breaker with a light line of foam. */
  static Look wave() {
    return new Look.Builder()
        .main(
            path(
                "M 0 96 C 6 40 36 4 70 8 C 96 12 104 40 84 52 C 86 36 70 30 62 44 C 54 62 70 78 100 80"
                    + " L 100 96 Z"))
        .light(pen(7, "M 22 84 C 24 54 40 28 64 24"))
        .build();
  }
}
