package io.sensorium.host.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Pictures with the statistics of photographs, for measuring what depends on them: detail that
 * falls off with its frequency, less of it in the colours, edges, a sensor's noise. Deterministic
 * for a seed. Used by one thread.
 */
public final class GeneratedPhotos {
  private static final String JPEG_METADATA = "javax_imageio_jpeg_image_1.0";
  private static final double COARSEST_CONTRAST = 60;
  private static final double CONTRAST_FALL = 1.5;
  private static final double COLOUR_CONTRAST = 0.35;
  private static final double NOISE = 3;
  private static final int DISCS = 14;

  private final RandomGenerator random;

  /** How finely a JPEG file holds its colours. */
  public enum Sampling {
    FULL(1, 1),
    HALF_WIDTH(2, 1),
    HALF(2, 2);

    private final int horizontal;
    private final int vertical;

    Sampling(int horizontal, int vertical) {
      this.horizontal = horizontal;
      this.vertical = vertical;
    }
  }

  /** Begins a series of pictures. */
  public GeneratedPhotos(long seed) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /**
   * Draws the next picture.
   *
   * @return 8-bit RGB
   */
  public BufferedImage next(int width, int height) {
    float[] luma = texture(width, height);
    float[] warmth = texture(width, height);
    for (int disc = 0; disc < DISCS; disc++) {
      addDisc(luma, warmth, width, height);
    }
    BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] bytes = ((java.awt.image.DataBufferByte) photo.getRaster().getDataBuffer()).getData();
    for (int i = 0, write = 0; i < luma.length; i++) {
      double light = 120 + luma[i] + NOISE * random.nextGaussian();
      double colour = COLOUR_CONTRAST * warmth[i];
      bytes[write++] = level(light - colour);
      bytes[write++] = level(light - 0.2 * colour);
      bytes[write++] = level(light + colour);
    }
    return photo;
  }

  private static byte level(double value) {
    return (byte) Math.clamp(Math.round(value), 0, 255);
  }

  /** Octaves of smooth noise, each with a finer lattice and less contrast. */
  private float[] texture(int width, int height) {
    float[] values = new float[width * height];
    double contrast = COARSEST_CONTRAST;
    for (int cell = Math.max(width, height) / 2; cell >= 2; cell /= 2) {
      addNoise(values, width, cell, (float) contrast);
      contrast /= CONTRAST_FALL;
    }
    return values;
  }

  private void addNoise(float[] values, int width, int cell, float contrast) {
    int columns = width / cell + 2;
    float[] above = lattice(columns, contrast);
    float[] below = lattice(columns, contrast);
    for (int y = 0; y < values.length / width; y++) {
      int inCell = y % cell;
      if (y > 0 && inCell == 0) {
        above = below;
        below = lattice(columns, contrast);
      }
      float down = smooth((float) inCell / cell);
      for (int x = 0, column = 0, in = 0; x < width; x++) {
        float right = smooth((float) in / cell);
        float top = above[column] + (above[column + 1] - above[column]) * right;
        float bottom = below[column] + (below[column + 1] - below[column]) * right;
        values[y * width + x] += top + (bottom - top) * down;
        if (++in == cell) {
          in = 0;
          column++;
        }
      }
    }
  }

  private float[] lattice(int columns, float contrast) {
    float[] lattice = new float[columns];
    for (int i = 0; i < columns; i++) {
      lattice[i] = contrast * (float) random.nextGaussian();
    }
    return lattice;
  }

  private static float smooth(float t) {
    return t * t * (3 - 2 * t);
  }

  private void addDisc(float[] luma, float[] warmth, int width, int height) {
    double radius = width * random.nextDouble(0.02, 0.15);
    double centreX = random.nextDouble(width);
    double centreY = random.nextDouble(height);
    float light = (float) random.nextDouble(-70, 70);
    float colour = (float) random.nextDouble(-150, 150);
    int first = (int) Math.max(0, centreY - radius);
    int last = (int) Math.min(height - 1.0, centreY + radius);
    for (int y = first; y <= last; y++) {
      double half = Math.sqrt(Math.max(0, radius * radius - (y - centreY) * (y - centreY)));
      int end = (int) Math.min(width, centreX + half);
      for (int x = (int) Math.max(0, centreX - half); x < end; x++) {
        luma[y * width + x] = luma[y * width + x] / 2 + light;
        warmth[y * width + x] = warmth[y * width + x] / 2 + colour;
      }
    }
  }

  /**
   * Encodes a picture.
   *
   * @param quality 0 to 1; 0.75 and 0.9 are usual
   */
  public static byte[] jpeg(
      BufferedImage photo, float quality, Sampling sampling, boolean progressive)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality);
      param.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(photo), param);
      setSampling(metadata, sampling);
      writer.setOutput(out);
      writer.write(null, new IIOImage(photo, null, metadata), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static void setSampling(IIOMetadata metadata, Sampling sampling) throws IOException {
    IIOMetadataNode tree = (IIOMetadataNode) metadata.getAsTree(JPEG_METADATA);
    IIOMetadataNode luma = (IIOMetadataNode) tree.getElementsByTagName("componentSpec").item(0);
    luma.setAttribute("HsamplingFactor", Integer.toString(sampling.horizontal));
    luma.setAttribute("VsamplingFactor", Integer.toString(sampling.vertical));
    metadata.setFromTree(JPEG_METADATA, tree);
  }
}
