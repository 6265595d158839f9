package io.sensorium.it.inside;

import io.sensorium.api.media.MediaInput;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Small items of the modalities that every host has. */
final class Media {
  private static final int RATE = 16_000;

  private Media() {}

  static MediaInput picture(Color color, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillOval(width / 5, height / 7, width / 2, height / 2);
    graphics.dispose();
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      ImageIO.write(image, "png", out);
      return new MediaInput(color + ".png", ByteBuffer.wrap(out.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MediaInput tone(double hertz, double seconds) {
    byte[] samples = new byte[2 * (int) (RATE * seconds)];
    for (int i = 0; i < samples.length / 2; i++) {
      short value = (short) (12_000 * Math.sin(2 * Math.PI * hertz * i / RATE));
      samples[2 * i] = (byte) value;
      samples[2 * i + 1] = (byte) (value >> 8);
    }
    AudioFormat format = new AudioFormat(RATE, 16, 1, true, false);
    try (ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioInputStream in =
            new AudioInputStream(new ByteArrayInputStream(samples), format, samples.length / 2)) {
      AudioSystem.write(in, AudioFileFormat.Type.WAVE, out);
      return new MediaInput(hertz + ".wav", ByteBuffer.wrap(out.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MediaInput junk(String name, int bytes) {
    return new MediaInput(name, ByteBuffer.wrap(new byte[bytes]));
  }
}
