package io.sensorium.media;

import io.sensorium.api.media.MediaLimits;

/** Checks what a header promises, or what a stream has given so far, against the limits. */
final class Limits {
  // Three bytes a pixel in one array.
  private static final long ARRAY_PIXELS = (Integer.MAX_VALUE - 16) / 3;
  private static final long ARRAY_SAMPLES = Integer.MAX_VALUE - 16;
  private static final int MAXIMUM_CHANNELS = 64;
  private static final int MAXIMUM_RATE_HERTZ = 1_536_000;

  private Limits() {}

  static void requirePixels(long width, long height, MediaLimits limits)
      throws MalformedMediaException {
    if (width < 1 || height < 1) {
      throw new MalformedMediaException(
          "width and height must be positive; got %dx%d".formatted(width, height));
    }
    long most = Math.min(limits.maximumPixels(), ARRAY_PIXELS);
    if (width > most / height) {
      throw new MalformedMediaException(
          "at most %d pixels are allowed; got %dx%d".formatted(most, width, height));
    }
  }

  static void requireSound(long sampleRate, long channels) throws MalformedMediaException {
    if (sampleRate < 1 || sampleRate > MAXIMUM_RATE_HERTZ) {
      throw new MalformedMediaException(
          "the sample rate must be 1 to %d Hz; got %d".formatted(MAXIMUM_RATE_HERTZ, sampleRate));
    }
    if (channels < 1 || channels > MAXIMUM_CHANNELS) {
      throw new MalformedMediaException(
          "1 to %d channels are allowed; got %d".formatted(MAXIMUM_CHANNELS, channels));
    }
  }

  static void requireFrames(long frames, int sampleRate, int channels, MediaLimits limits)
      throws MalformedMediaException {
    long mostSamples = Math.min(limits.maximumSamples(), ARRAY_SAMPLES);
    if (frames > mostSamples / channels) {
      throw new MalformedMediaException(
          "at most %d samples are allowed; got at least %d frames of %d channels"
              .formatted(mostSamples, frames, channels));
    }
    if (frames > mostFrames(sampleRate, limits)) {
      throw new MalformedMediaException(
          "at most %s of sound is allowed; got at least %.1f s"
              .formatted(limits.maximumDuration(), (double) frames / sampleRate));
    }
  }

  private static double mostFrames(int sampleRate, MediaLimits limits) {
    double seconds =
        limits.maximumDuration().toSeconds() + limits.maximumDuration().toNanosPart() * 1e-9;
    return seconds * sampleRate;
  }
}
