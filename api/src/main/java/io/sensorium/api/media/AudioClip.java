package io.sensorium.api.media;

import java.nio.FloatBuffer;

/**
 * A decoded sound. Immutable.
 *
 * @param sampleRate in hertz, positive
 * @param channels at least 1
 * @param samples frames times channels, interleaved, nominally in [-1, 1]; each call answers a
 *     fresh read-only view
 */
public record AudioClip(int sampleRate, int channels, FloatBuffer samples) {
  public AudioClip {
    if (sampleRate < 1 || channels < 1 || samples.remaining() % channels != 0) {
      throw new IllegalArgumentException(
          "a clip needs a positive rate and whole frames; got %d Hz, %d channels, %d samples"
              .formatted(sampleRate, channels, samples.remaining()));
    }
    samples = samples.asReadOnlyBuffer().slice();
  }

  @Override
  public FloatBuffer samples() {
    return samples.duplicate();
  }

  /** The number of frames: samples per channel. */
  public int frames() {
    return samples.remaining() / channels;
  }
}
