package io.sensorium.media;

import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Decodes JPEG pictures of every kind through the JDK's reader, which is asked for the raw
 * components; colours are converted here, by libjpeg's and Pillow's integer formulas.
 */
final class JdkJpegDecoder {
  private static final int FRACTION_BITS = 16;
  private static final int HALF = 1 << (FRACTION_BITS - 1);
  private static final int RED_OF_CR = fixed(1.402);
  private static final int GREEN_OF_CB = -fixed(0.34414);
  private static final int GREEN_OF_CR = -fixed(0.71414);
  private static final int BLUE_OF_CB = fixed(1.772);

  private final ImageReaderSpi readers;

  /**
   * @param readers makes the JDK's JPEG readers
   */
  JdkJpegDecoder(ImageReaderSpi readers) {
    this.readers = readers;
  }

  RgbCanvas decode(ByteBuffer bytes, JpegHeader header) throws IOException {
    Raster raster = readRaster(bytes);
    if (raster.getWidth() != header.width()
        || raster.getHeight() != header.height()
        || raster.getNumBands() != header.components()) {
      throw new MalformedMediaException(
          "the header promises %dx%d with %d components; decoded %dx%d with %d"
              .formatted(
                  header.width(),
                  header.height(),
                  header.components(),
                  raster.getWidth(),
                  raster.getHeight(),
                  raster.getNumBands()));
    }
    return convert(header, samples(raster));
  }

  /** The components, interleaved; in the raster's own array where it has just them. */
  private static byte[] samples(Raster raster) {
    int count = raster.getWidth() * raster.getHeight() * raster.getNumBands();
    if (raster.getDataBuffer() instanceof DataBufferByte buffer
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
        && model.getPixelStride() == raster.getNumBands()
        && buffer.getSize() == count
        && isAscending(model.getBandOffsets())) {
      return buffer.getData();
    }
    int[] values = raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
    byte[] samples = new byte[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (byte) values[i];
    }
    return samples;
  }

  private static boolean isAscending(int[] bandOffsets) {
    for (int band = 0; band < bandOffsets.length; band++) {
      if (bandOffsets[band] != band) {
        return false;
      }
    }
    return true;
  }

  private Raster readRaster(ByteBuffer bytes) throws IOException {
    ImageReader reader = readers.createReaderInstance();
    try (var stream = new BufferImageInputStream(bytes)) {
      reader.setInput(stream, true, true);
      return reader.readRaster(0, null);
    } finally {
      reader.dispose();
    }
  }

  private static RgbCanvas convert(JpegHeader header, byte[] samples) {
    RgbCanvas canvas = new RgbCanvas(header.width(), header.height());
    byte[] rgb = canvas.rgb;
    switch (header.colour()) {
      case GREY -> {
        for (int i = 0, write = 0; i < samples.length; i++, write += 3) {
          rgb[write] = samples[i];
          rgb[write + 1] = samples[i];
          rgb[write + 2] = samples[i];
        }
      }
      case RGB -> System.arraycopy(samples, 0, rgb, 0, rgb.length);
      case YCC -> {
        for (int i = 0; i < rgb.length; i += 3) {
          toRgb(samples, i, rgb, i);
        }
      }
      case YCCK -> {
        for (int i = 0, write = 0; i < samples.length; i += 4, write += 3) {
          toRgb(samples, i, rgb, write);
          for (int ink = write; ink < write + 3; ink++) {
            rgb[ink] = lit(255 - (rgb[ink] & 0xFF), samples[i + 3] & 0xFF);
          }
        }
      }
      case CMYK -> {
        for (int i = 0, write = 0; i < samples.length; i += 4, write += 3) {
          for (int ink = 0; ink < 3; ink++) {
            rgb[write + ink] = lit(samples[i + ink] & 0xFF, samples[i + 3] & 0xFF);
          }
        }
      }
    }
    return canvas;
  }

  private static void toRgb(byte[] ycc, int read, byte[] rgb, int write) {
    int luma = ycc[read] & 0xFF;
    int blueness = (ycc[read + 1] & 0xFF) - 128;
    int redness = (ycc[read + 2] & 0xFF) - 128;
    int greenness = GREEN_OF_CB * blueness + GREEN_OF_CR * redness;
    rgb[write] = clip(luma + ((RED_OF_CR * redness + HALF) >> FRACTION_BITS));
    rgb[write + 1] = clip(luma + ((greenness + HALF) >> FRACTION_BITS));
    rgb[write + 2] = clip(luma + ((BLUE_OF_CB * blueness + HALF) >> FRACTION_BITS));
  }

  /** Stored inks are inverted: 255 is no ink. */
  private static byte lit(int invertedInk, int light) {
    int product = (255 - invertedInk) * light + 128;
    return clip(light - (((product >> 8) + product) >> 8));
  }

  private static byte clip(int value) {
    return (byte) Math.clamp(value, 0, 255);
  }

  private static int fixed(double factor) {
    return (int) (factor * (1 << FRACTION_BITS) + 0.5);
  }
}
