package io.sensorium.models.world;

import io.sensorium.models.world.looks.Ink;
import java.awt.Color;
import java.util.random.RandomGenerator;

/** The three inks of one group, a little different every time. */
record Inks(Color main, Color dark, Color light) {

  private static final double SHADE = 0.05;

  static Inks draw(Colour colour, RandomGenerator random) {
    int rgb = colour.rgb();
    Color main =
        new Color(
            Backdrop.rgb(
                shade(rgb >> 16 & 255, random),
                shade(rgb >> 8 & 255, random),
                shade(rgb & 255, random)));
    return new Inks(main, grey(random.nextDouble(0.05, 0.2)), grey(random.nextDouble(0.93, 1)));
  }

  Color of(Ink ink) {
    return switch (ink) {
      case MAIN -> main;
      case DARK -> dark;
      case LIGHT -> light;
    };
  }

  private static double shade(int channel, RandomGenerator random) {
    return channel / 255.0 + random.nextDouble(-SHADE, SHADE);
  }

  private static Color grey(double level) {
    return new Color(Backdrop.rgb(level, level, level));
  }
}
