package io.sensorium.media;

import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Decodes JPEG pictures: the usual ones by {@link JpegStream}, the others, and those that are
 * damaged, through the JDK's reader.
 */
final class JpegDecoder {
  private final JdkJpegDecoder others;

  /**
   * @param readers makes the JDK's JPEG readers
   */
  JpegDecoder(ImageReaderSpi readers) {
    this.others = new JdkJpegDecoder(readers);
  }

  Image decode(ByteBuffer bytes, MediaLimits limits) throws IOException {
    byte[] data = new byte[bytes.remaining()];
    bytes.get(bytes.position(), data);
    ByteBuffer copy = ByteBuffer.wrap(data);
    JpegHeader header = JpegHeader.read(copy, limits);
    RgbCanvas canvas;
    try {
      canvas = JpegStream.decode(data, header);
    } catch (UnusualJpegException | MalformedMediaException _) {
      canvas = others.decode(copy, header);
    }
    return canvas.toImage(header.orientation());
  }
}
