package io.sensorium.models.training.adapters;

import io.sensorium.models.training.adapters.LearningCurve.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;

/** Draws a learning curve: losses on the left scale, exact match on the right one. Stateless. */
public final class CurvePicture {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 540;
  private static final int LEFT = 70;
  private static final int RIGHT = 70;
  private static final int TOP = 48;
  private static final int BOTTOM = 56;
  private static final int LINES = 5;
  private static final Color TRAINING = new Color(150, 170, 200);
  private static final Color VALIDATION = new Color(30, 90, 180);
  private static final Color MATCH = new Color(200, 90, 20);
  private static final Color GRID = new Color(225, 225, 225);
  private static final Color INK = new Color(50, 50, 50);

  private CurvePicture() {}

  /**
   * Writes a PNG file.
   *
   * @param title what was trained
   */
  public static void write(Path file, String title, LearningCurve curve) {
    try {
      ImageIO.write(draw(title, curve), "png", file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  static BufferedImage draw(String title, LearningCurve curve) {
    var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, WIDTH, HEIGHT);
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
      double highest = highestLoss(curve.points());
      int lastStep = curve.points().isEmpty() ? 1 : curve.points().getLast().step();
      scales(graphics, title, highest, lastStep);
      var plot = new Plot(graphics, curve.points(), lastStep);
      plot.line(TRAINING, "training loss", 0, point -> point.trainingLoss() / highest);
      plot.line(VALIDATION, "held-out loss", 1, point -> point.validationLoss() / highest);
      plot.line(MATCH, "held-out answers word for word", 2, Point::exactMatch);
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private static double highestLoss(List<Point> points) {
    double highest =
        points.stream()
            .mapToDouble(point -> Math.max(point.trainingLoss(), point.validationLoss()))
            .max()
            .orElse(1);
    return Math.max(highest * 1.05, 1e-3);
  }

  private static void scales(Graphics2D graphics, String title, double highest, int lastStep) {
    for (int line = 0; line <= LINES; line++) {
      double share = line / (double) LINES;
      int y = y(share);
      graphics.setColor(GRID);
      graphics.drawLine(LEFT, y, WIDTH - RIGHT, y);
      graphics.setColor(INK);
      graphics.drawString(String.format(Locale.ROOT, "%.2f", share * highest), 20, y + 5);
      graphics.drawString(
          String.format(Locale.ROOT, "%.0f %%", 100 * share), WIDTH - RIGHT + 10, y + 5);
      String step = Integer.toString((int) Math.round(share * lastStep));
      int x = x(share);
      graphics.drawString(
          step, x - graphics.getFontMetrics().stringWidth(step) / 2, HEIGHT - BOTTOM + 22);
    }
    graphics.drawString("steps", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12);
    graphics.drawString("loss", 20, TOP - 14);
    graphics.drawString(title, LEFT, 22);
  }

  private static int x(double share) {
    return (int) Math.round(LEFT + share * (WIDTH - LEFT - RIGHT));
  }

  private static int y(double share) {
    return (int) Math.round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM));
  }

  /** Lines of one picture. */
  private record Plot(Graphics2D graphics, List<Point> points, int lastStep) {
    void line(Color colour, String name, int index, ToDoubleFunction<Point> share) {
      graphics.setColor(colour);
      graphics.setStroke(new BasicStroke(2));
      var path = new Path2D.Double();
      for (int at = 0; at < points.size(); at++) {
        Point point = points.get(at);
        int x = x(point.step() / (double) lastStep);
        int y = y(Math.clamp(share.applyAsDouble(point), 0, 1));
        graphics.fillOval(x - 2, y - 2, 5, 5);
        if (at == 0) {
          path.moveTo(x, y);
        } else {
          path.lineTo(x, y);
        }
      }
      graphics.draw(path);
      graphics.drawString(name, LEFT + 60 + index * 170, TOP - 8);
    }
  }
}
