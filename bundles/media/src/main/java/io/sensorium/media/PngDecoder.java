package io.sensorium.media;

import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Reads the chunks of a PNG picture (W3C PNG, third edition) and decodes its default image.
 *
 * <p>Only IHDR, PLTE, tRNS, IDAT and eXIf are looked into; texts and profiles stay compressed.
 * Checksums of those chunks are verified.
 */
final class PngDecoder {
  private static final int MAXIMUM_CHUNKS = 1 << 20;

  private final ByteReader reader;
  private final MediaLimits limits;
  private final List<ByteBuffer> imageData = new ArrayList<>();
  private PngHeader header;
  private byte[] palette = new byte[0];
  private byte[] transparency = new byte[0];
  private Orientation orientation = Orientation.UPRIGHT;

  private PngDecoder(ByteBuffer bytes, MediaLimits limits) {
    this.reader = ByteReader.bigEndian(bytes);
    this.limits = limits;
  }

  static Image decode(ByteBuffer bytes, MediaLimits limits) throws MalformedMediaException {
    return new PngDecoder(bytes, limits).decode();
  }

  private Image decode() throws MalformedMediaException {
    reader.skip(8);
    int chunks = 0;
    while (readChunk()) {
      if (++chunks > MAXIMUM_CHUNKS) {
        throw new MalformedMediaException("at most %d chunks are allowed".formatted(chunks - 1));
      }
    }
    if (imageData.isEmpty()) {
      throw new MalformedMediaException("there is no IDAT chunk");
    }
    PngPixels pixels = new PngPixels(header, palette, transparency);
    return PngRows.decode(header, imageData, pixels).toImage(orientation);
  }

  /** Answers false at the end. */
  private boolean readChunk() throws MalformedMediaException {
    long length = reader.u32();
    int start = reader.position();
    String type = reader.ascii(4);
    if (header == null && !type.equals("IHDR")) {
      throw new MalformedMediaException("IHDR must come first; got '%s'".formatted(type));
    }
    ByteBuffer content = reader.slice(length);
    boolean known = readContent(type, content);
    long checksum = reader.u32();
    if (known && checksum != checksum(start)) {
      throw new MalformedMediaException("the checksum of chunk %s is wrong".formatted(type));
    }
    return !type.equals("IEND");
  }

  private long checksum(int start) throws MalformedMediaException {
    int end = reader.position() - 4;
    reader.seek(start);
    CRC32 crc = new CRC32();
    crc.update(reader.slice(end - start));
    reader.skip(4);
    return crc.getValue();
  }

  private boolean readContent(String type, ByteBuffer content) throws MalformedMediaException {
    switch (type) {
      case "IHDR" -> {
        if (header != null) {
          throw new MalformedMediaException("there are two IHDR chunks");
        }
        header = PngHeader.read(ByteReader.bigEndian(content));
        Limits.requirePixels(header.width(), header.height(), limits);
      }
      case "PLTE" -> palette = ByteReader.bigEndian(content).array(content.remaining());
      case "tRNS" -> transparency = ByteReader.bigEndian(content).array(content.remaining());
      case "eXIf" -> orientation = Orientation.ofExif(content);
      case "IDAT" -> imageData.add(content);
      default -> {
        if (Character.isUpperCase(type.charAt(0)) && !type.equals("IEND")) {
          throw new MalformedMediaException("critical chunk '%s' is unknown".formatted(type));
        }
        return false;
      }
    }
    return true;
  }
}
