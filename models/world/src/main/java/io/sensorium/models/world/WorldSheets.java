package io.sensorium.models.world;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** Writes sheets to look at and clips to listen to: what the towers are taught, for human eyes. */
public final class WorldSheets {

  private static final int TRAINED_SIDE = 80;
  private static final int ENLARGEMENT = 2;
  private static final long SEED = 20260101;

  private final SceneRenderer renderer = new SceneRenderer();
  private final SoundSynthesizer synthesizer = new SoundSynthesizer();

  /**
   * Writes everything into the folder named by the first argument.
   *
   * @throws IOException when a file cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("usage: WorldSheets FOLDER");
    }
    new WorldSheets().write(Path.of(arguments[0]));
  }

  /** Writes everything into {@code folder}, which is created when missing. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    PngFile.write(folder.resolve("things.png"), things());
    PngFile.write(folder.resolve("singles.png"), scenes(new SceneSampler(0)));
    PngFile.write(folder.resolve("pairs.png"), scenes(new SceneSampler(1)));
    for (Thing thing : Thing.values()) {
      RandomGenerator random = Seeds.generator(SEED);
      Group group = new Group(thing, Colour.RED, 2, Size.MEDIUM);
      float[] clip = synthesizer.render(group, random, Acoustics.CLEAR);
      WaveFile.write(folder.resolve(thing.id() + ".wav"), clip, SoundSynthesizer.SAMPLE_RATE);
    }
  }

  /** Every thing in every size, one thing a column. */
  private BufferedImage things() {
    Thing[] all = Thing.values();
    int columns = (all.length + 1) / 2;
    BufferedImage sheet = sheet(columns, 2 * Size.values().length);
    Size[] sizes = Size.values();
    Colour[] colours = Colour.values();
    for (int index = 0; index < all.length; index++) {
      for (int row = 0; row < sizes.length; row++) {
        RandomGenerator random = Seeds.generator(SEED, index * 3L + row);
        Colour colour = colours[(index + row) % colours.length];
        Group group = new Group(all[index], colour, 1, sizes[row]);
        Scene scene = Scene.single(group, Position.CENTRE, Background.PLAIN);
        BufferedImage image = renderer.render(scene, random, TRAINED_SIDE);
        place(sheet, image, index % columns, index / columns * sizes.length + row);
      }
    }
    return sheet;
  }

  private BufferedImage scenes(SceneSampler sampler) {
    int columns = 8;
    BufferedImage sheet = sheet(columns, columns);
    for (int index = 0; index < columns * columns; index++) {
      RandomGenerator random = Seeds.generator(SEED, index);
      Scene scene = sampler.sample(random);
      BufferedImage image = renderer.render(scene, random, TRAINED_SIDE);
      place(sheet, image, index % columns, index / columns);
    }
    return sheet;
  }

  private static BufferedImage sheet(int columns, int rows) {
    int cell = TRAINED_SIDE * ENLARGEMENT + 2;
    return new BufferedImage(columns * cell, rows * cell, BufferedImage.TYPE_INT_RGB);
  }

  private static void place(BufferedImage sheet, BufferedImage image, int column, int row) {
    int side = TRAINED_SIDE * ENLARGEMENT;
    Graphics2D graphics = sheet.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    graphics.drawImage(image, column * (side + 2), row * (side + 2), side, side, null);
    graphics.dispose();
  }
}
