package io.sensorium.media;

import java.nio.ByteBuffer;

/**
 * Decodes the JPEG pictures that one meets (Huffman-coded, sequential or progressive, grey or
 * YCbCr) to the very pixels of libjpeg-turbo with its default settings: accurate integer transform,
 * fancy upsampling. Every other picture, and every one that is not whole, is left to the JDK's
 * reader. Used by one thread.
 *
 * <p>Source: ITU-T T.81.
 */
final class JpegStream {
  private final byte[] data;
  private final JpegHeader header;
  private final ByteReader reader;
  private final JpegTables tables = new JpegTables();
  private JpegFrame frame;
  private JpegStoredScans stored;

  private JpegStream(byte[] data, JpegHeader header) {
    this.data = data;
    this.header = header;
    this.reader = ByteReader.bigEndian(ByteBuffer.wrap(data));
  }

  /**
   * @param header of the same data, within the limits
   * @throws UnusualJpegException if the JDK's reader has to decode the picture
   */
  static RgbCanvas decode(byte[] data, JpegHeader header)
      throws UnusualJpegException, MalformedMediaException {
    return new JpegStream(data, header).decode();
  }

  private RgbCanvas decode() throws UnusualJpegException, MalformedMediaException {
    reader.skip(2);
    while (true) {
      int marker = JpegHeader.nextMarker(reader);
      if (marker == 0xD9) {
        return finish();
      }
      if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        continue;
      }
      ByteReader content = ByteReader.bigEndian(reader.slice(reader.u16() - 2L));
      switch (marker) {
        case 0xC0, 0xC1, 0xC2 -> frame = JpegFrame.read(content, marker == 0xC2, header);
        case 0xC4 -> tables.readHuffman(content);
        case 0xDB -> tables.readQuantization(content);
        case 0xDD -> tables.readRestartInterval(content);
        case 0xDA -> {
          JpegScan scan = JpegScan.read(content, frame);
          if (!frame.progressive() && scan.components().size() == frame.components().size()) {
            return decodeOnly(scan);
          }
          store(scan);
        }
        default -> {}
      }
    }
  }

  private RgbCanvas decodeOnly(JpegScan scan) throws UnusualJpegException {
    if (stored != null) {
      throw new UnusualJpegException("the scans come in no usual order");
    }
    RgbCanvas canvas = new RgbCanvas(frame.width(), frame.height());
    JpegBits bits = new JpegBits(data, reader.position());
    new JpegSequentialScan(new JpegPicture(frame, canvas), scan, tables, bits).decode();
    return canvas;
  }

  private void store(JpegScan scan) throws UnusualJpegException, MalformedMediaException {
    if (stored == null) {
      stored = new JpegStoredScans(frame);
    }
    JpegBits bits = new JpegBits(data, reader.position());
    stored.read(scan, tables, bits);
    reader.seek(bits.position());
  }

  private RgbCanvas finish() throws UnusualJpegException {
    if (stored == null) {
      throw new UnusualJpegException("there is no scan");
    }
    RgbCanvas canvas = new RgbCanvas(frame.width(), frame.height());
    stored.write(new JpegPicture(frame, canvas));
    return canvas;
  }
}
