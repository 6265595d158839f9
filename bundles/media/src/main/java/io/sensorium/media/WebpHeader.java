package io.sensorium.media;

import io.sensorium.api.media.MediaLimits;
import java.nio.ByteBuffer;

/**
 * What the chunks of a WebP picture say (RFC 9649), read before a decoder sees them.
 *
 * @param width of the canvas
 * @param height of the canvas
 */
record WebpHeader(int width, int height, Orientation orientation) {
  private static final int MAXIMUM_CHUNKS = 100_000;

  static WebpHeader read(ByteBuffer bytes, MediaLimits limits) throws MalformedMediaException {
    return new Scanner(limits).scan(bytes);
  }

  private static final class Scanner {
    private final MediaLimits limits;
    private int canvasWidth;
    private int canvasHeight;
    private boolean hasImage;
    private Orientation orientation = Orientation.UPRIGHT;
    private int chunks;

    Scanner(MediaLimits limits) {
      this.limits = limits;
    }

    WebpHeader scan(ByteBuffer bytes) throws MalformedMediaException {
      ByteReader reader = ByteReader.littleEndian(bytes);
      reader.skip(4);
      long length = reader.u32();
      ByteReader body = ByteReader.littleEndian(reader.slice(length));
      body.skip(4);
      scanChunks(body, false);
      if (!hasImage) {
        throw new MalformedMediaException("there is no image chunk");
      }
      return new WebpHeader(canvasWidth, canvasHeight, orientation);
    }

    private void scanChunks(ByteReader reader, boolean inFrame) throws MalformedMediaException {
      while (reader.remaining() >= 8) {
        if (++chunks > MAXIMUM_CHUNKS) {
          throw new MalformedMediaException("more than %d chunks".formatted(MAXIMUM_CHUNKS));
        }
        String type = reader.ascii(4);
        long length = reader.u32();
        ByteReader content = ByteReader.littleEndian(reader.slice(length));
        reader.skip(Math.min(length & 1, reader.remaining()));
        scanChunk(type, content, inFrame);
      }
    }

    private void scanChunk(String type, ByteReader content, boolean inFrame)
        throws MalformedMediaException {
      switch (type) {
        case "VP8X" -> {
          content.skip(4);
          setCanvas(content.u24() + 1, content.u24() + 1);
        }
        case "VP8 " -> {
          content.skip(3);
          if (content.u24() != 0x2A019D) {
            throw new MalformedMediaException("the VP8 start code is missing");
          }
          addImage(content.u16() & 0x3FFF, content.u16() & 0x3FFF, inFrame);
        }
        case "VP8L" -> {
          if (content.u8() != 0x2F) {
            throw new MalformedMediaException("the VP8L signature is missing");
          }
          int sizes = content.i32();
          addImage((sizes & 0x3FFF) + 1, ((sizes >> 14) & 0x3FFF) + 1, inFrame);
        }
        case "ANMF" -> {
          if (inFrame) {
            throw new MalformedMediaException("there is a frame within a frame");
          }
          content.skip(16);
          scanChunks(content, true);
        }
        case "EXIF" -> orientation = Orientation.ofExif(content.slice(content.remaining()));
        default -> {}
      }
    }

    private void setCanvas(int width, int height) throws MalformedMediaException {
      if (canvasWidth != 0) {
        throw new MalformedMediaException("there are two canvas sizes");
      }
      Limits.requirePixels(width, height, limits);
      canvasWidth = width;
      canvasHeight = height;
    }

    private void addImage(int width, int height, boolean inFrame) throws MalformedMediaException {
      if (canvasWidth == 0) {
        setCanvas(width, height);
      }
      boolean fits =
          inFrame
              ? width <= canvasWidth && height <= canvasHeight
              : width == canvasWidth && height == canvasHeight && !hasImage;
      if (!fits || width < 1 || height < 1) {
        throw new MalformedMediaException(
            "an image of %dx%d does not fit the canvas of %dx%d"
                .formatted(width, height, canvasWidth, canvasHeight));
      }
      hasImage = true;
    }
  }
}
