package io.sensorium.models.world;

import io.sensorium.models.world.looks.Look;
import io.sensorium.models.world.looks.Looks;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/**
 * Draws scenes of any size. Shade, exact size, rotation, mirroring, formation and place vary within
 * the scene's attributes. Immutable and thread-safe; all randomness comes from the call's
 * generator, and equal generators draw the same picture at every side.
 */
public final class SceneRenderer {

  private static final int SMALLEST_SIDE = 16;

  private final Looks looks = new Looks();

  /**
   * Draws {@code scene}.
   *
   * @param sidePixels width and height, at least 16; the towers are trained at 80
   * @return an image of {@link BufferedImage#TYPE_INT_RGB}, owned by the caller
   */
  public BufferedImage render(Scene scene, RandomGenerator random, int sidePixels) {
    if (sidePixels < SMALLEST_SIDE) {
      throw new IllegalArgumentException(
          "an image needs a side of at least " + SMALLEST_SIDE + " pixels; got " + sidePixels);
    }
    BufferedImage image = new BufferedImage(sidePixels, sidePixels, BufferedImage.TYPE_INT_RGB);
    Backdrop.paint(image, scene.background(), random);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.scale(sidePixels, sidePixels);
      for (Placed placed : Placed.groups(scene, random)) {
        draw(placed, graphics, random);
      }
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private void draw(Placed placed, Graphics2D graphics, RandomGenerator random) {
    Inks inks = Inks.draw(placed.group().colour(), random);
    Look look = looks.of(placed.group().thing());
    AffineTransform page = graphics.getTransform();
    double box = placed.box();
    for (int index = 0; index < placed.group().count(); index++) {
      double x = placed.left() + placed.layout().x(index, box) + jitter(0.04 * box, random);
      double y = placed.top() + placed.layout().y(index, box) + jitter(0.04 * box, random);
      double unit = box / Look.SIDE;
      graphics.translate(x, y);
      graphics.rotate(Math.toRadians(jitter(12, random)));
      graphics.scale(random.nextDouble() < 0.3 ? -unit : unit, unit);
      graphics.translate(-Look.SIDE / 2.0, -Look.SIDE / 2.0);
      for (Look.Layer layer : look.layers()) {
        graphics.setColor(inks.of(layer.ink()));
        graphics.fill(layer.shape());
      }
      graphics.setTransform(page);
    }
  }

  private static double jitter(double most, RandomGenerator random) {
    return random.nextDouble(-most, most);
  }
}
