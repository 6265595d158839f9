package io.sensorium.media;

/** Turns the samples of PNG rows into 8-bit RGB over white; 16-bit samples keep their high byte. */
final class PngPixels {
  private final PngHeader header;
  private final int[] palette;
  private final int[] transparentSamples;

  PngPixels(PngHeader header, byte[] palette, byte[] transparency) throws MalformedMediaException {
    this.header = header;
    this.palette =
        header.colourType() == PngHeader.PALETTE ? palette(palette, transparency) : new int[0];
    this.transparentSamples = transparentSamples(header, transparency);
  }

  private static int[] palette(byte[] colours, byte[] alphas) throws MalformedMediaException {
    if (colours.length == 0 || colours.length % 3 != 0 || colours.length > 768) {
      throw new MalformedMediaException(
          "a palette must have 1 to 256 colours of 3 bytes; got %d bytes"
              .formatted(colours.length));
    }
    int[] palette = new int[colours.length];
    for (int i = 0; i < colours.length; i++) {
      int alpha = i / 3 < alphas.length ? alphas[i / 3] & 0xFF : 255;
      palette[i] = ((colours[i] & 0xFF) * alpha + 255 * (255 - alpha) + 127) / 255;
    }
    return palette;
  }

  /** The one colour that stands for transparency, or nothing. */
  private static int[] transparentSamples(PngHeader header, byte[] transparency) {
    boolean keyed = header.colourType() == PngHeader.GREY || header.colourType() == PngHeader.RGB;
    if (!keyed || transparency.length != 2 * header.samplesPerPixel()) {
      return new int[0];
    }
    int[] key = new int[header.samplesPerPixel()];
    for (int i = 0; i < key.length; i++) {
      key[i] = sample(transparency, 0, i, 16);
    }
    return key;
  }

  /** Writes a row's pixels, {@code step} columns apart, from the canvas offset on. */
  void write(byte[] row, int start, int columns, RgbCanvas canvas, int offset, int step)
      throws MalformedMediaException {
    boolean plain = header.bitDepth() == 8 && transparentSamples.length == 0;
    if (plain && header.colourType() == PngHeader.RGB && step == 1) {
      System.arraycopy(row, start, canvas.rgb, offset, columns * 3);
      return;
    }
    int[] samples = new int[header.samplesPerPixel()];
    int write = offset;
    for (int column = 0; column < columns; column++, write += 3 * step) {
      for (int i = 0; i < samples.length; i++) {
        samples[i] = sample(row, start, column * samples.length + i, header.bitDepth());
      }
      writePixel(samples, canvas, write);
    }
  }

  private void writePixel(int[] samples, RgbCanvas canvas, int offset)
      throws MalformedMediaException {
    if (header.colourType() == PngHeader.PALETTE) {
      int entry = samples[0] * 3;
      if (entry >= palette.length) {
        throw new MalformedMediaException(
            "colour %d is not in the palette of %d".formatted(samples[0], palette.length / 3));
      }
      canvas.set(offset, palette[entry], palette[entry + 1], palette[entry + 2]);
      return;
    }
    boolean grey = samples.length < 3;
    int red = toByte(samples[0]);
    int green = grey ? red : toByte(samples[1]);
    int blue = grey ? red : toByte(samples[2]);
    canvas.set(offset, red, green, blue, alpha(samples));
  }

  private int alpha(int[] samples) {
    if (samples.length == 2 || samples.length == 4) {
      return toByte(samples[samples.length - 1]);
    }
    return transparentSamples.length > 0 && java.util.Arrays.equals(samples, transparentSamples)
        ? 0
        : 255;
  }

  private int toByte(int sample) {
    return switch (header.bitDepth()) {
      case 16 -> sample >> 8;
      case 8 -> sample;
      default -> sample * 255 / ((1 << header.bitDepth()) - 1);
    };
  }

  private static int sample(byte[] row, int start, int index, int bitDepth) {
    if (bitDepth == 8) {
      return row[start + index] & 0xFF;
    }
    if (bitDepth == 16) {
      int at = start + 2 * index;
      return ((row[at] & 0xFF) << 8) | (row[at + 1] & 0xFF);
    }
    int bit = index * bitDepth;
    int shift = 8 - bitDepth - (bit & 7);
    return ((row[start + (bit >> 3)] & 0xFF) >> shift) & ((1 << bitDepth) - 1);
  }
}
