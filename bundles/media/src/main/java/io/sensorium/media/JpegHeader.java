package io.sensorium.media;

import io.sensorium.api.media.MediaLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the markers of a JPEG stream say (ITU-T T.81), read before a decoder sees the stream.
 *
 * @param components 1, 3 or 4
 * @param colour how the components make a colour
 */
record JpegHeader(int width, int height, int components, Colour colour, Orientation orientation) {
  /** How the components make a colour. */
  enum Colour {
    GREY,
    RGB,
    YCC,
    CMYK,
    YCCK
  }

  /** A progressive picture has about ten scans; each costs a pass over all coefficients. */
  private static final int MAXIMUM_SCANS = 100;

  private static final int MAXIMUM_SEGMENTS = 10_000;

  /** No picture has fewer bits than a few per 64x64 pixels. */
  private static final long MAXIMUM_PIXELS_PER_BYTE = 1 << 14;

  static JpegHeader read(ByteBuffer bytes, MediaLimits limits) throws MalformedMediaException {
    Scanner scanner = new Scanner(bytes);
    JpegHeader header = scanner.scan(limits);
    if ((long) header.width * header.height / MAXIMUM_PIXELS_PER_BYTE > bytes.remaining()) {
      throw new MalformedMediaException(
          "truncated: %d bytes cannot hold %dx%d pixels"
              .formatted(bytes.remaining(), header.width, header.height));
    }
    return header;
  }

  /** Skips coded data and answers the marker behind it. */
  static int nextMarker(ByteReader reader) throws MalformedMediaException {
    while (true) {
      reader.skipBehind(0xFF);
      int next = reader.u8();
      while (next == 0xFF) {
        next = reader.u8();
      }
      if (next != 0) {
        return next;
      }
    }
  }

  /** Walks over the markers to the end of the image. */
  private static final class Scanner {
    private final ByteReader reader;
    private int width;
    private int height;
    private int[] componentIds = new int[0];
    private boolean jfif;
    private int adobeTransform = -1;
    private int scans;
    private Orientation orientation = Orientation.UPRIGHT;

    Scanner(ByteBuffer bytes) {
      this.reader = ByteReader.bigEndian(bytes);
    }

    JpegHeader scan(MediaLimits limits) throws MalformedMediaException {
      reader.skip(2);
      int marker = nextMarker();
      for (int segments = 0; marker != 0xD9; segments++) {
        if (segments > MAXIMUM_SEGMENTS) {
          throw new MalformedMediaException("more than %d segments".formatted(MAXIMUM_SEGMENTS));
        }
        if (marker != 0x01 && (marker < 0xD0 || marker > 0xD7)) {
          readSegment(marker, limits);
        }
        marker = nextMarker();
      }
      if (scans == 0 || componentIds.length == 0) {
        throw new MalformedMediaException("there is no image before the end marker");
      }
      return new JpegHeader(width, height, componentIds.length, colour(), orientation);
    }

    /** The next marker; within a scan the coded data is skipped. */
    private int nextMarker() throws MalformedMediaException {
      int start = reader.position();
      int first = reader.u8();
      if (first != 0xFF && scans == 0) {
        throw new MalformedMediaException(
            "a marker is required at offset %d; got 0x%02x".formatted(start, first));
      }
      reader.seek(start);
      return JpegHeader.nextMarker(reader);
    }

    private void readSegment(int marker, MediaLimits limits) throws MalformedMediaException {
      int length = reader.u16();
      ByteBuffer content = reader.slice(length - 2L);
      switch (marker) {
        case 0xC0, 0xC1, 0xC2 -> readFrame(ByteReader.bigEndian(content), limits);
        case 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF ->
            throw new MalformedMediaException(
                "the coding process 0x%02x is not supported".formatted(marker));
        case 0xDA -> {
          if (++scans > MAXIMUM_SCANS || componentIds.length == 0) {
            throw new MalformedMediaException(
                "1 to %d scans after a frame header are allowed".formatted(MAXIMUM_SCANS));
          }
        }
        case 0xE0 -> jfif |= startsWith(content, "JFIF\0");
        case 0xE1 -> {
          if (startsWith(content, "Exif\0\0")) {
            orientation = Orientation.ofExif(content);
          }
        }
        case 0xEE -> {
          if (startsWith(content, "Adobe") && content.remaining() >= 12) {
            adobeTransform = content.get(11) & 0xFF;
          }
        }
        case 0xD8 -> throw new MalformedMediaException("there is an image within the image");
        default -> {}
      }
    }

    private void readFrame(ByteReader frame, MediaLimits limits) throws MalformedMediaException {
      if (componentIds.length > 0) {
        throw new MalformedMediaException("there are two frame headers");
      }
      int precision = frame.u8();
      height = frame.u16();
      width = frame.u16();
      int components = frame.u8();
      if (precision != 8 || components == 2 || components > 4) {
        throw new MalformedMediaException(
            "8 bits and 1, 3 or 4 components are required; got %d bits, %d components"
                .formatted(precision, components));
      }
      Limits.requirePixels(width, height, limits);
      componentIds = new int[components];
      for (int i = 0; i < components; i++) {
        componentIds[i] = frame.u8();
        frame.skip(2);
      }
    }

    /** As libjpeg guesses it. */
    private Colour colour() {
      return switch (componentIds.length) {
        case 1 -> Colour.GREY;
        case 4 -> adobeTransform == 2 ? Colour.YCCK : Colour.CMYK;
        default -> {
          if (jfif) {
            yield Colour.YCC;
          }
          boolean namedRgb =
              componentIds[0] == 'R' && componentIds[1] == 'G' && componentIds[2] == 'B';
          yield adobeTransform == 0 || (adobeTransform < 0 && namedRgb) ? Colour.RGB : Colour.YCC;
        }
      };
    }

    private static boolean startsWith(ByteBuffer content, String text) {
      byte[] prefix = text.getBytes(StandardCharsets.US_ASCII);
      return content.remaining() >= prefix.length
          && content.slice(0, prefix.length).equals(ByteBuffer.wrap(prefix));
    }
  }
}
