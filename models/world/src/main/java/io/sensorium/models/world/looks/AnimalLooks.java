package io.sensorium.models.world.looks;

import static io.sensorium.models.world.looks.Outlines.circle;
import static io.sensorium.models.world.looks.Outlines.ellipse;
import static io.sensorium.models.world.looks.Outlines.path;
import static io.sensorium.models.world.looks.Outlines.pen;

/** Animals. */
final class AnimalLooks {

  private AnimalLooks() {}

  /** A small bird standing, its wing light, its tail up. */
  static Look bird() {
    return new Look.Builder()
        .dark(pen(5, "M 42 76 L 38 98"), pen(5, "M 56 76 L 56 98"))
        .dark(path("M 84 24 L 100 34 L 84 42 Z"))
        .main(ellipse(48, 58, 32, 23), circle(72, 32, 18), path("M 26 44 L 0 28 L 4 50 L 22 66 Z"))
        .light(path("M 28 48 L 62 54 Q 52 78 34 66 Z"))
        .dark(circle(76, 29, 5))
        .build();
  }

  /** A round head with hanging dark ears and a light muzzle. */
  static Look dog() {
    return new Look.Builder()
        .main(ellipse(50, 50, 36, 42))
        .dark(
            path("M 22 12 C -4 14 -4 74 10 80 C 26 80 26 40 34 18 Z"),
            path("M 78 12 C 104 14 104 74 90 80 C 74 80 74 40 66 18 Z"))
        .light(ellipse(50, 70, 20, 20))
        .dark(ellipse(50, 62, 10, 8), circle(37, 40, 6), circle(63, 40, 6))
        .build();
  }

  /** A wide head with two eyes on top and a long smile. */
  static Look frog() {
    return new Look.Builder()
        .main(ellipse(50, 64, 49, 33), circle(24, 28, 19), circle(76, 28, 19))
        .light(circle(24, 27, 12), circle(76, 27, 12))
        .dark(circle(24, 28, 6), circle(76, 28, 6), pen(7, "M 18 64 Q 50 98 82 64"))
        .build();
  }

  /** A long low body, a bent hind leg and long feelers. */
  static Look cricket() {
    return new Look.Builder()
        .dark(
            pen(5, "M 84 50 L 96 12"),
            pen(5, "M 78 48 L 76 14"),
            pen(5, "M 72 64 L 80 90"),
            pen(5, "M 56 66 L 58 90"))
        .main(
            path("M 2 62 Q 30 42 72 46 Q 96 46 94 58 Q 92 68 72 68 Q 36 74 2 62 Z"),
            pen(9, "M 48 58 L 26 20 L 12 90"))
        .light(circle(84, 54, 5))
        .build();
  }

  /** A sitting cat with pointed ears and its tail raised. */
  static Look cat() {
    return new Look.Builder()
        .main(
            path("M 8 2 L 26 16 L 46 16 L 64 2 L 66 34 C 64 50 52 54 36 54 C 20 54 8 50 6 34 Z"),
            path("M 24 48 C 10 70 10 90 14 98 L 72 98 C 76 80 66 56 50 48 Z"),
            pen(10, "M 66 92 C 94 94 94 70 84 52 C 80 44 86 36 94 36"))
        .light(ellipse(36, 84, 11, 15))
        .dark(circle(24, 30, 6), circle(48, 30, 6), path("M 30 40 L 42 40 L 36 47 Z"))
        .build();
  }

  /** An egg with tufts, great light eyes and a light belly. */
  static Look owl() {
    return new Look.Builder()
        .main(path("M 14 2 Q 34 14 50 12 Q 66 14 86 2 C 96 34 92 98 50 98 C 8 98 4 34 14 2 Z"))
        .light(circle(31, 36, 18), circle(69, 36, 18), ellipse(50, 78, 20, 14))
        .dark(circle(32, 37, 9), circle(68, 37, 9), path("M 42 50 L 58 50 L 50 64 Z"))
        .build();
  }

  /** A striped oval under two light wings. */
  static Look bee() {
    return new Look.Builder()
        .dark(ellipse(40, 24, 17, 24), ellipse(66, 22, 16, 22))
        .light(ellipse(40, 24, 12, 19), ellipse(66, 22, 11, 17))
        .dark(path("M 14 56 L 0 66 L 14 74 Z"), pen(5, "M 86 50 Q 92 34 100 36"))
        .main(ellipse(52, 66, 42, 28))
        .dark(
            path("M 26 44 Q 34 41 40 39.5 L 40 92.5 Q 32 91 26 88 Z"),
            path("M 54 38 Q 62 38.5 68 40.5 L 68 91.5 Q 62 93.5 54 94 Z"),
            circle(84, 62, 5))
        .build();
  }

  /** A swimming body under a long upright neck. */
  static Look goose() {
    return new Look.Builder()
        .dark(path("M 84 8 L 100 17 L 84 23 Z"))
        .main(
            path("M 0 44 L 24 58 L 62 56 C 84 60 84 96 46 96 C 18 96 6 76 0 44 Z"),
            pen(17, "M 66 78 C 78 58 58 46 72 22"),
            circle(76, 15, 13))
        .light(path("M 16 66 Q 36 62 56 68 Q 44 86 30 82 Z"))
        .dark(circle(80, 13, 4))
        .build();
  }

  /** A pointed body with a large ear and a long tail. */
  static Look mouse() {
    return new Look.Builder()
        .dark(pen(6, "M 14 84 C -8 76 0 46 16 46 C 30 46 26 26 12 22"))
        .main(path("M 8 90 C 10 50 44 42 66 50 Q 84 56 100 82 Q 96 90 84 90 Z"), circle(58, 40, 22))
        .light(circle(58, 40, 13))
        .dark(circle(80, 68, 5), circle(97, 81, 6))
        .build();
  }
}
