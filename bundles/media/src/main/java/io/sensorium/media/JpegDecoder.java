package io.sensorium.media;

import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaLimits;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Decodes baseline and progressive JPEG pictures through the JDK's reader, which is asked for the
 * raw components; colours are converted here, by libjpeg's and Pillow's integer formulas.
 */
final class JpegDecoder {
  private static final int FRACTION_BITS = 16;
  private static final int HALF = 1 << (FRACTION_BITS - 1);
  private static final int RED_OF_CR = fixed(1.402);
  private static final int GREEN_OF_CB = -fixed(0.344136286);
  private static final int GREEN_OF_CR = -fixed(0.714136286);
  private static final int BLUE_OF_CB = fixed(1.772);

  private final ImageReaderSpi readers;

  /**
   * @param readers makes the JDK's JPEG readers
   */
  JpegDecoder(ImageReaderSpi readers) {
    this.readers = readers;
  }

  Image decode(ByteBuffer bytes, MediaLimits limits) throws IOException {
    JpegHeader header = JpegHeader.read(bytes, limits);
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
    RgbCanvas canvas = new RgbCanvas(header.width(), header.height());
    int[] row = new int[header.width() * header.components()];
    for (int y = 0; y < header.height(); y++) {
      raster.getPixels(0, y, header.width(), 1, row);
      writeRow(header.colour(), row, canvas, canvas.offset(0, y));
    }
    return canvas.toImage(header.orientation());
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

  private static void writeRow(
      JpegHeader.Colour colour, int[] row, RgbCanvas canvas, int rowOffset) {
    int offset = rowOffset;
    switch (colour) {
      case GREY -> {
        for (int i = 0; i < row.length; i++, offset += 3) {
          canvas.set(offset, row[i], row[i], row[i]);
        }
      }
      case RGB -> {
        for (int i = 0; i < row.length; i += 3, offset += 3) {
          canvas.set(offset, row[i], row[i + 1], row[i + 2]);
        }
      }
      case YCC -> {
        for (int i = 0; i < row.length; i += 3, offset += 3) {
          toRgb(row, i);
          canvas.set(offset, row[i], row[i + 1], row[i + 2]);
        }
      }
      case CMYK, YCCK -> {
        for (int i = 0; i < row.length; i += 4, offset += 3) {
          if (colour == JpegHeader.Colour.YCCK) {
            toRgb(row, i);
            for (int ink = i; ink < i + 3; ink++) {
              row[ink] = 255 - row[ink];
            }
          }
          int light = row[i + 3];
          canvas.set(offset, lit(row[i], light), lit(row[i + 1], light), lit(row[i + 2], light));
        }
      }
    }
  }

  private static void toRgb(int[] pixel, int at) {
    int luma = pixel[at];
    int blueness = pixel[at + 1] - 128;
    int redness = pixel[at + 2] - 128;
    pixel[at] = clip(luma + ((RED_OF_CR * redness + HALF) >> FRACTION_BITS));
    pixel[at + 1] =
        clip(luma + ((GREEN_OF_CB * blueness + GREEN_OF_CR * redness + HALF) >> FRACTION_BITS));
    pixel[at + 2] = clip(luma + ((BLUE_OF_CB * blueness + HALF) >> FRACTION_BITS));
  }

  /** Stored inks are inverted: 255 is no ink. */
  private static int lit(int invertedInk, int light) {
    int product = (255 - invertedInk) * light + 128;
    return clip(light - (((product >> 8) + product) >> 8));
  }

  private static int clip(int value) {
    return Math.clamp(value, 0, 255);
  }

  private static int fixed(double factor) {
    return (int) (factor * (1 << FRACTION_BITS) + 0.5);
  }
}
