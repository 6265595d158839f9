package io.sensorium.models.world.looks;

import static io.sensorium.models.world.looks.Outlines.box;
import static io.sensorium.models.world.looks.Outlines.circle;
import static io.sensorium.models.world.looks.Outlines.ellipse;
import static io.sensorium.models.world.looks.Outlines.path;
import static io.sensorium.models.world.looks.Outlines.pen;

import java.awt.geom.Path2D;

/** Machines and signals. */
final class MachineLooks {

  private static final int GEAR_TEETH = 8;

  private MachineLooks() {}

  /** A half dome on a dark base, with rays. */
  static Look siren() {
    return new Look.Builder()
        .main(
            path("M 20 76 L 20 66 C 20 26 80 26 80 66 L 80 76 Z"),
            pen(8, "M 50 22 L 50 4"),
            pen(8, "M 22 32 L 10 18"),
            pen(8, "M 78 32 L 90 18"))
        .light(pen(7, "M 34 66 C 34 56 38 52 44 50"))
        .dark(box(6, 74, 94, 98, 4))
        .build();
  }

  /** A ring around a light face with two hands. */
  static Look clock() {
    return new Look.Builder()
        .main(circle(50, 50, 49))
        .light(circle(50, 50, 34))
        .dark(pen(9, "M 50 24 L 50 52 L 68 62"))
        .build();
  }

  /** An upright rounded slab with a light screen. */
  static Look phone() {
    return new Look.Builder()
        .main(box(24, 1, 76, 99, 9))
        .light(box(32, 12, 68, 76, 2))
        .dark(circle(50, 87, 6))
        .build();
  }

  /** A gear with a dark hub. */
  static Look engine() {
    Path2D.Double gear = new Path2D.Double();
    for (int corner = 0; corner < 4 * GEAR_TEETH; corner++) {
      double radius = corner % 4 < 2 ? 49 : 35;
      double turn = (corner + (corner % 2 == 0 ? 0.15 : -0.15)) / (4.0 * GEAR_TEETH);
      double x = 50 + radius * Math.cos(2 * Math.PI * turn);
      double y = 50 + radius * Math.sin(2 * Math.PI * turn);
      if (corner == 0) {
        gear.moveTo(x, y);
      } else {
        gear.lineTo(x, y);
      }
    }
    gear.closePath();
    return new Look.Builder().main(gear).dark(circle(50, 50, 17)).build();
  }

  /** A boiler with chimney and cab on three dark wheels. */
  static Look train() {
    return new Look.Builder()
        .main(box(16, 42, 98, 76, 4), box(60, 8, 98, 76, 3), box(22, 18, 38, 46, 1))
        .dark(box(16, 12, 44, 24, 2), path("M 0 84 L 18 62 L 18 84 Z"))
        .light(box(68, 18, 90, 38, 2))
        .dark(circle(30, 82, 15), circle(57, 84, 12), circle(84, 82, 15))
        .build();
  }

  /** A bulging pot with a spout, a lid and a high dark handle. */
  static Look kettle() {
    return new Look.Builder()
        .dark(pen(9, "M 34 46 C 28 2 92 2 86 46"), circle(60, 32, 8))
        .main(
            path("M 26 96 C 16 70 26 42 44 38 L 76 38 C 94 42 104 70 94 96 Z"),
            path("M 36 52 L 10 34 L 0 44 L 26 82 Z"))
        .light(pen(7, "M 80 54 Q 88 68 84 84"))
        .build();
  }

  /** A glazed cabin with a tail under a dark rotor. */
  static Look helicopter() {
    return new Look.Builder()
        .dark(
            pen(7, "M 4 14 L 86 14"),
            pen(6, "M 45 14 L 45 34"),
            pen(6, "M 94 28 L 94 62"),
            pen(6, "M 14 94 L 74 94"),
            pen(5, "M 30 76 L 26 94"),
            pen(5, "M 56 76 L 60 94"))
        .main(ellipse(40, 56, 34, 26), path("M 56 36 L 96 40 L 96 50 L 62 70 Z"))
        .light(path("M 12 58 C 14 44 24 36 36 36 L 36 58 Z"))
        .build();
  }

  /** A hull with a cabin and two dark funnels. */
  static Look boat() {
    return new Look.Builder()
        .dark(box(32, 6, 44, 40, 1), box(56, 6, 68, 40, 1))
        .main(path("M 0 58 L 100 58 L 82 94 L 16 94 Z"), box(20, 36, 80, 62, 3))
        .light(circle(34, 48, 6), circle(50, 48, 6), circle(66, 48, 6))
        .light(pen(6, "M 18 78 Q 28 70 38 78 Q 48 86 58 78 Q 68 70 78 78"))
        .build();
  }
}
