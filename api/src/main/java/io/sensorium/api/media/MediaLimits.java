package io.sensorium.api.media;

import java.time.Duration;

/**
 * Bounds that are checked from the header, before anything is decoded. Immutable.
 *
 * @param maximumBytes of the encoded item
 * @param maximumPixels width times height of one picture
 * @param maximumSamples frames times channels of a sound, at its own rate
 * @param maximumDuration of a sound
 */
public record MediaLimits(
    long maximumBytes, long maximumPixels, long maximumSamples, Duration maximumDuration) {
  /** 64 MiB, 64 megapixels, 100 million samples, 20 minutes. */
  public static final MediaLimits DEFAULT =
      new MediaLimits(64L << 20, 64_000_000, 100_000_000, Duration.ofMinutes(20));

  public MediaLimits {
    if (maximumBytes < 1
        || maximumPixels < 1
        || maximumSamples < 1
        || maximumDuration.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException("every limit must be positive");
    }
  }
}
