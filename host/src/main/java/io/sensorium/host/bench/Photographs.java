package io.sensorium.host.bench;

import io.sensorium.api.media.MediaInput;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Pictures with the statistics of photographs: noise at every scale, its amplitude falling with
 * frequency as natural images' does (Field 1987). Equal on every machine.
 */
final class Photographs {
  private static final int COUNT = 96;
  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;
  private static final float QUALITY = 0.85f;
  private static final int COARSEST = 4;

  private Photographs() {}

  /** Writes 96 JPEG files of 640x480 (4:2:0) into a folder and answers their content. */
  static List<MediaInput> writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<MediaInput> inputs = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      Path file = folder.resolve("photograph-%03d.jpg".formatted(i));
      write(picture(new Random(i)), file);
      inputs.add(MediaInput.read(file, Long.MAX_VALUE));
    }
    return inputs;
  }

  private static void write(BufferedImage picture, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), settings);
    } finally {
      writer.dispose();
    }
  }

  private static BufferedImage picture(Random random) {
    float[][] channels = new float[3][WIDTH * HEIGHT];
    for (int cells = COARSEST; cells <= WIDTH / 2; cells *= 2) {
      float[] light = octave(random, cells);
      for (float[] channel : channels) {
        float[] tint = octave(random, cells);
        for (int i = 0; i < channel.length; i++) {
          channel[i] += (light[i] + 0.3f * tint[i]) * 2 * COARSEST / cells;
        }
      }
    }
    BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int rgb = 0;
      for (float[] channel : channels) {
        rgb = rgb << 8 | Math.clamp(Math.round(128 + 48 * channel[i]), 0, 255);
      }
      picture.setRGB(i % WIDTH, i / WIDTH, rgb);
    }
    return picture;
  }

  /** Random values on a grid of so many cells a row, interpolated between. */
  private static float[] octave(Random random, int cells) {
    int rows = cells * HEIGHT / WIDTH + 2;
    float[] grid = new float[(cells + 2) * rows];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = (float) random.nextGaussian();
    }
    float[] values = new float[WIDTH * HEIGHT];
    for (int y = 0; y < HEIGHT; y++) {
      float row = (float) y * cells / WIDTH;
      for (int x = 0; x < WIDTH; x++) {
        float column = (float) x * cells / WIDTH;
        int at = ((int) row) * (cells + 2) + (int) column;
        float right = column - (int) column;
        float down = row - (int) row;
        float upper = grid[at] + (grid[at + 1] - grid[at]) * right;
        float lower = grid[at + cells + 2] + (grid[at + cells + 3] - grid[at + cells + 2]) * right;
        values[y * WIDTH + x] = upper + (lower - upper) * down;
      }
    }
    return values;
  }
}
