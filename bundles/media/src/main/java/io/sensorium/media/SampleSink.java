package io.sensorium.media;

import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.MediaLimits;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Collects the frames of a sound whose length is not known before it is decoded, within the limits.
 */
final class SampleSink {
  private static final int FIRST_SAMPLES = 1 << 14;

  private final int sampleRate;
  private final int channels;
  private final MediaLimits limits;
  private float[] samples = new float[FIRST_SAMPLES];
  private int size;

  SampleSink(int sampleRate, int channels, MediaLimits limits) {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.limits = limits;
  }

  /** The number of frames so far. */
  int frames() {
    return size / channels;
  }

  /**
   * Makes room for more frames and answers where in {@link #array} they start.
   *
   * @throws MalformedMediaException if the sound becomes longer than is allowed
   */
  int reserve(int frames) throws MalformedMediaException {
    long required = size + (long) frames * channels;
    Limits.requireFrames(required / channels, sampleRate, channels, limits);
    if (required > samples.length) {
      long doubled = Math.min(2L * samples.length, Integer.MAX_VALUE - 16L);
      samples = Arrays.copyOf(samples, (int) Math.max(required, doubled));
    }
    int start = size;
    size = (int) required;
    return start;
  }

  /** The samples, interleaved; replaced by the next {@link #reserve}. */
  float[] array() {
    return samples;
  }

  /**
   * The clip without some frames at its ends.
   *
   * @throws MalformedMediaException if nothing is left
   */
  AudioClip toClip(int firstFrame, int endFrame) throws MalformedMediaException {
    int first = Math.clamp(firstFrame, 0, frames());
    int end = Math.clamp(endFrame, first, frames());
    if (first == end) {
      throw new MalformedMediaException("there is no frame of sound");
    }
    FloatBuffer kept = FloatBuffer.wrap(samples, first * channels, (end - first) * channels);
    return new AudioClip(sampleRate, channels, kept);
  }

  AudioClip toClip() throws MalformedMediaException {
    return toClip(0, frames());
  }
}
