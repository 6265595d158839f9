package io.sensorium.media;

import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** The recordings under src/test/resources/media, and arrays out of decoded values. */
final class MediaSamples {
  private MediaSamples() {}

  static byte[] bytes(String name) {
    try (InputStream in = MediaSamples.class.getResourceAsStream("/media/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no recording " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MediaInput input(String name) {
    return input(name, bytes(name));
  }

  static MediaInput input(String name, byte[] bytes) {
    return new MediaInput(name, ByteBuffer.wrap(bytes));
  }

  static byte[] rgb(Image image) {
    byte[] rgb = new byte[image.rgb().remaining()];
    image.rgb().get(rgb);
    return rgb;
  }

  static float[] samples(AudioClip clip) {
    float[] samples = new float[clip.samples().remaining()];
    clip.samples().get(samples);
    return samples;
  }
}
