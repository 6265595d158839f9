package io.sensorium.models.world.looks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sensorium.models.world.Thing;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LooksTest {

  private static final int SIDE = 15;

  private final Looks looks = new Looks();

  @ParameterizedTest
  @EnumSource(Thing.class)
  void aDrawingFillsItsSquareAndHardlyLeavesIt(Thing thing) {
    Rectangle2D bounds = null;
    for (Look.Layer layer : looks.of(thing).layers()) {
      Rectangle2D part = layer.shape().getBounds2D();
      bounds = bounds == null ? part : bounds.createUnion(part);
    }
    assertThat(bounds.getMinX()).isGreaterThan(-8);
    assertThat(bounds.getMinY()).isGreaterThan(-8);
    assertThat(bounds.getMaxX()).isLessThan(108);
    assertThat(bounds.getMaxY()).isLessThan(108);
    assertThat(Math.max(bounds.getWidth(), bounds.getHeight())).isGreaterThan(88);
  }

  @ParameterizedTest
  @EnumSource(Thing.class)
  void theMainInkCoversEnoughToShowTheColour(Thing thing) {
    int main = 0;
    int[] pixels = paint(looks.of(thing));
    for (int pixel : pixels) {
      Color colour = new Color(pixel);
      main += colour.getRed() > colour.getGreen() + 60 ? 1 : 0;
    }
    assertThat(main / (double) pixels.length).isGreaterThan(0.15);
  }

  @Test
  void anyTwoDrawingsDifferAtFifteenPixels() {
    Map<Thing, int[]> painted = new EnumMap<>(Thing.class);
    for (Thing thing : Thing.values()) {
      painted.put(thing, paint(looks.of(thing)));
    }
    painted.forEach(
        (thing, pixels) ->
            painted.forEach(
                (other, otherPixels) -> {
                  if (thing != other) {
                    assertThat(difference(pixels, otherPixels))
                        .as("%s and %s", thing, other)
                        .isGreaterThan(0.08);
                  }
                }));
  }

  /** Mean absolute difference of all channels, 0..1. */
  private static double difference(int[] pixels, int[] others) {
    double sum = 0;
    for (int index = 0; index < pixels.length; index++) {
      for (int shift = 0; shift <= 16; shift += 8) {
        sum += Math.abs((pixels[index] >> shift & 255) - (others[index] >> shift & 255));
      }
    }
    return sum / pixels.length / 3 / 255;
  }

  private static int[] paint(Look look) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(new Color(0xC0C0C0));
    graphics.fillRect(0, 0, SIDE, SIDE);
    graphics.scale(SIDE / (double) Look.SIDE, SIDE / (double) Look.SIDE);
    for (Look.Layer layer : look.layers()) {
      graphics.setColor(
          switch (layer.ink()) {
            case MAIN -> new Color(0xDC2323);
            case DARK -> new Color(0x202020);
            case LIGHT -> new Color(0xF5F5F5);
          });
      graphics.fill(layer.shape());
    }
    graphics.dispose();
    return image.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE);
  }

  @Test
  void anUnknownPathCommandIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Outlines.path("M 0 0 H 10"))
        .withMessageContaining("'H'");
  }
}
