package io.sensorium.models.world.looks;

import static io.sensorium.models.world.looks.Outlines.box;
import static io.sensorium.models.world.looks.Outlines.circle;
import static io.sensorium.models.world.looks.Outlines.ellipse;
import static io.sensorium.models.world.looks.Outlines.path;
import static io.sensorium.models.world.looks.Outlines.pen;

/** Struck, plucked and blown instruments. */
final class InstrumentLooks {

  private InstrumentLooks() {}

  /** A dome with a flared rim over a dark clapper. */
  static Look bell() {
    return new Look.Builder()
        .dark(circle(50, 88, 11))
        .main(
            path(
                "M 8 84 C 26 70 22 52 26 38 C 30 18 40 12 50 12 C 60 12 70 18 74 38 C 78 52 74 70 92 84 Z"),
            circle(50, 10, 9))
        .light(pen(6, "M 38 30 C 34 40 35 52 32 62"))
        .build();
  }

  /** A can with a light head, dark lacing and two sticks. */
  static Look drum() {
    return new Look.Builder()
        .main(path("M 6 38 L 12 84 Q 50 106 88 84 L 94 38 Z"))
        .dark(
            pen(6, "M 14 54 L 30 88 L 42 60 L 54 92 L 66 60 L 78 86 L 88 54"),
            ellipse(50, 36, 46, 20))
        .light(ellipse(50, 36, 39, 14))
        .dark(pen(6, "M 14 4 L 46 32"), pen(6, "M 86 4 L 56 34"))
        .build();
  }

  /** A cone to the right, a tube to the left and a loop below it. */
  static Look horn() {
    return new Look.Builder()
        .dark(pen(8, "M 20 52 C 14 92 60 92 52 56"))
        .main(path("M 2 40 L 40 40 Q 74 36 94 4 L 94 92 Q 74 60 40 56 L 2 56 Z"))
        .dark(box(0, 34, 9, 62, 3))
        .light(ellipse(93, 48, 6, 38))
        .build();
  }

  /** Two lobes, a light hole and a long dark neck. */
  static Look guitar() {
    return new Look.Builder()
        .main(ellipse(50, 76, 30, 23), ellipse(50, 52, 21, 17))
        .light(circle(50, 62, 9))
        .dark(pen(8, "M 50 60 L 50 12"), box(41, 0, 59, 17, 3), box(38, 80, 62, 87, 2))
        .build();
  }

  /** An upright case with a light keyboard on two legs. */
  static Look piano() {
    return new Look.Builder()
        .main(box(10, 4, 90, 62, 4), box(10, 60, 22, 98, 1), box(78, 60, 90, 98, 1))
        .dark(box(0, 50, 100, 78, 3))
        .light(
            box(5, 56, 20, 74, 1),
            box(24, 56, 38, 74, 1),
            box(42, 56, 57, 74, 1),
            box(61, 56, 76, 74, 1),
            box(80, 56, 95, 74, 1))
        .light(box(26, 14, 74, 36, 2))
        .build();
  }

  /** A round chamber with a mouthpiece to the left, a dark slot and a ring. */
  static Look whistle() {
    return new Look.Builder()
        .dark(pen(6, "M 92 40 C 104 30 96 14 84 22 C 78 28 80 36 86 40"))
        .main(circle(64, 64, 33), path("M 0 30 L 74 30 L 74 56 L 0 56 Z"))
        .dark(path("M 34 26 L 54 26 L 46 46 L 34 46 Z"))
        .light(circle(64, 64, 16))
        .dark(circle(64, 64, 8))
        .build();
  }
}
