package io.sensorium.models.world;

import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/** Paints pale textures pixel by pixel, their edges softened over one pixel. */
final class Backdrop {

  /** Periods are stated for this side and scale with the image. */
  private static final double NOMINAL_SIDE = 80;

  private Backdrop() {}

  /** How far a point, in pixels, lies inside the texture's darker parts; negative is outside. */
  @FunctionalInterface
  private interface Depth {
    double at(double x, double y);
  }

  static void paint(BufferedImage image, Background background, RandomGenerator random) {
    int side = image.getWidth();
    double[] base = nearGrey(random);
    double contrast = random.nextDouble(0.12, 0.2);
    double sign = random.nextBoolean() && luminance(base) < 0.8 ? 1 : -1;
    Depth depth = depth(background, side / NOMINAL_SIDE, random);
    int[] row = new int[side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        double coverage = Math.clamp(depth.at(x + 0.5, y + 0.5) + 0.5, 0.0, 1.0);
        double factor = 1 + sign * contrast * coverage;
        row[x] = rgb(base[0] * factor, base[1] * factor, base[2] * factor);
      }
      image.setRGB(0, y, side, 1, row, 0, side);
    }
  }

  private static Depth depth(Background background, double scale, RandomGenerator random) {
    double period = scale * random.nextDouble(7, 12);
    double shiftX = random.nextDouble() * period;
    double shiftY = random.nextDouble() * period;
    return switch (background) {
      case PLAIN -> (x, y) -> -1;
      case STRIPED -> stripes(period, shiftX, random.nextDouble() * Math.PI);
      case DOTTED -> dots(period, shiftX, shiftY, random.nextDouble(0.24, 0.32));
      case CHECKED -> checks(period, shiftX, shiftY);
    };
  }

  private static Depth stripes(double period, double shift, double angle) {
    double cosine = Math.cos(angle);
    double sine = Math.sin(angle);
    return (x, y) -> band(x * cosine + y * sine + shift, period);
  }

  private static Depth dots(double period, double shiftX, double shiftY, double radius) {
    return (x, y) -> {
      double across = offset(x + shiftX, period);
      double down = offset(y + shiftY, period);
      return radius * period - Math.sqrt(across * across + down * down);
    };
  }

  private static Depth checks(double period, double shiftX, double shiftY) {
    return (x, y) -> {
      double across = band(x + shiftX, 2 * period);
      double down = band(y + shiftY, 2 * period);
      double edge = Math.min(Math.abs(across), Math.abs(down));
      return across * down > 0 ? edge : -edge;
    };
  }

  /** Depth within bands of half a period; the middle of a band is a quarter period deep. */
  private static double band(double place, double period) {
    return period / 4 - Math.abs(offset(place, period));
  }

  /** Signed distance to the middle of the period that holds {@code place}. */
  private static double offset(double place, double period) {
    return place - Math.floor(place / period) * period - period / 2;
  }

  private static double[] nearGrey(RandomGenerator random) {
    double level = random.nextDouble(0.62, 0.95);
    double[] base = new double[3];
    for (int channel = 0; channel < 3; channel++) {
      base[channel] = Math.min(1, level * random.nextDouble(0.94, 1.06));
    }
    return base;
  }

  private static double luminance(double[] rgb) {
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  }

  /** Packs channels of 0..1; what lies outside is clipped. */
  static int rgb(double red, double green, double blue) {
    return channel(red) << 16 | channel(green) << 8 | channel(blue);
  }

  private static int channel(double value) {
    return Math.clamp(Math.round(value * 255), 0, 255);
  }
}
