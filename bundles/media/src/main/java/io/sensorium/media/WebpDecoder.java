package io.sensorium.media;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaLimits;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageReader;

/** Decodes the first frame of WebP pictures through TwelveMonkeys' reader, never registered. */
final class WebpDecoder {
  private final WebPImageReaderSpi readers = new WebPImageReaderSpi();

  Image decode(ByteBuffer bytes, MediaLimits limits) throws IOException {
    WebpHeader header = WebpHeader.read(bytes, limits);
    BufferedImage image = read(bytes);
    if (image.getWidth() > header.width() || image.getHeight() > header.height()) {
      throw new MalformedMediaException(
          "the header promises %dx%d; decoded %dx%d"
              .formatted(header.width(), header.height(), image.getWidth(), image.getHeight()));
    }
    // Bands, not colours: an embedded profile is left aside, as it is for the other formats.
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    if (bands < 3) {
      throw new MalformedMediaException("3 or 4 bands are required; got " + bands);
    }
    RgbCanvas canvas = new RgbCanvas(image.getWidth(), image.getHeight());
    int[] row = new int[canvas.width * bands];
    for (int y = 0; y < canvas.height; y++) {
      raster.getPixels(0, y, canvas.width, 1, row);
      int offset = canvas.offset(0, y);
      for (int i = 0; i < row.length; i += bands, offset += 3) {
        int alpha = bands > 3 ? row[i + 3] : 255;
        canvas.set(offset, row[i], row[i + 1], row[i + 2], alpha);
      }
    }
    return canvas.toImage(header.orientation());
  }

  private BufferedImage read(ByteBuffer bytes) throws IOException {
    ImageReader reader = readers.createReaderInstance();
    try (var stream = new BufferImageInputStream(bytes)) {
      reader.setInput(stream, true, true);
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }
}
