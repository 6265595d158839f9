package io.sensorium.examples.motion.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes {@code .motion.csv} files: a header {@code t,x,y,z}, seconds and m/s². */
public final class MotionFile {
  private MotionFile() {}

  /**
   * Writes {@code motion}, replacing an existing file.
   *
   * @throws IOException when the file cannot be written
   */
  public static void write(Path file, Motion motion) throws IOException {
    var text = new StringBuilder("t,x,y,z\n");
    for (int i = 0; i < motion.samples(); i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.4f,%.3f,%.3f,%.3f\n",
              i / motion.rate(),
              motion.x()[i],
              motion.y()[i],
              motion.z()[i]));
    }
    Files.writeString(file, text);
  }
}
