package io.sensorium.models.training;

import io.sensorium.models.preprocessing.PillowResampler;
import io.sensorium.models.preprocessing.ResizeFilter;
import io.sensorium.models.preprocessing.RgbPixels;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneRenderer;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/**
 * Renders scenes into the pixels that the image tower reads: planes of red, green and blue bytes.
 *
 * <p>Some scenes are drawn larger and reduced, as image files are when the product reads them.
 *
 * <p>One thread at a time.
 */
final class SceneImages {
  private final SceneRenderer renderer = new SceneRenderer();
  private final int side;

  /**
   * @param side the side of the pixels produced
   */
  SceneImages(int side) {
    this.side = side;
  }

  /** Bytes of one image. */
  int bytes() {
    return 3 * side * side;
  }

  /**
   * Renders at {@code drawnSide} into {@code pixels} at {@code offset}, resized where that is not
   * the tower's own side.
   */
  void draw(Scene scene, RandomGenerator random, int drawnSide, byte[] pixels, int offset) {
    BufferedImage image = renderer.render(scene, random, drawnSide);
    int[] packed = image.getRGB(0, 0, drawnSide, drawnSide, null, 0, drawnSide);
    var bytes = new byte[3 * packed.length];
    for (int i = 0; i < packed.length; i++) {
      bytes[3 * i] = (byte) (packed[i] >> 16);
      bytes[3 * i + 1] = (byte) (packed[i] >> 8);
      bytes[3 * i + 2] = (byte) packed[i];
    }
    var drawn = new RgbPixels(drawnSide, drawnSide, bytes);
    RgbPixels sized =
        drawnSide == side
            ? drawn
            : PillowResampler.resize(drawn, side, side, ResizeFilter.BILINEAR);
    planes(sized.bytes(), pixels, offset);
  }

  private void planes(byte[] interleaved, byte[] pixels, int offset) {
    int plane = side * side;
    for (int i = 0; i < plane; i++) {
      for (int channel = 0; channel < 3; channel++) {
        pixels[offset + channel * plane + i] = interleaved[3 * i + channel];
      }
    }
  }
}
