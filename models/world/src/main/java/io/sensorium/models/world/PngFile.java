package io.sensorium.models.world;

import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes PNG files. */
public final class PngFile {

  private PngFile() {}

  /**
   * Writes {@code image}, replacing an existing file.
   *
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, BufferedImage image) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("this Java has no writer for PNG; needed for " + file);
      }
    }
  }
}
