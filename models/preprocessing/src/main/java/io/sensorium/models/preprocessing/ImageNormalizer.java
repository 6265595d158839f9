package io.sensorium.models.preprocessing;

import static io.sensorium.models.preprocessing.RgbPixels.CHANNELS;

import java.nio.FloatBuffer;

/**
 * Turns 8-bit pixels into the float32 planes that vision models take: {@code (x * rescale - mean) /
 * std} per channel.
 *
 * <p>The product is rounded to float32 before the mean is subtracted in float32, as the NumPy image
 * processors of Hugging Face transformers do it. Immutable.
 */
public final class ImageNormalizer {
  private static final int LEVELS = 256;

  private final float[][] values = new float[CHANNELS][LEVELS];

  /**
   * @param rescaleFactor usually 1/255
   * @param mean three values, R G B
   * @param standardDeviation three values, R G B, none zero
   */
  public ImageNormalizer(double rescaleFactor, double[] mean, double[] standardDeviation) {
    if (mean.length != CHANNELS || standardDeviation.length != CHANNELS) {
      throw new IllegalArgumentException(
          "mean and standard deviation need 3 values; got %d and %d"
              .formatted(mean.length, standardDeviation.length));
    }
    for (int channel = 0; channel < CHANNELS; channel++) {
      if (standardDeviation[channel] == 0) {
        throw new IllegalArgumentException("a standard deviation must not be zero");
      }
      for (int level = 0; level < LEVELS; level++) {
        float rescaled = (float) (level * rescaleFactor);
        values[channel][level] =
            (rescaled - (float) mean[channel]) / (float) standardDeviation[channel];
      }
    }
  }

  /**
   * Writes three planes of {@code height * width} floats, red first, rows from the top, and moves
   * the target's position behind them.
   *
   * @throws java.nio.BufferOverflowException if they do not fit
   */
  public void write(RgbPixels image, FloatBuffer target) {
    byte[] bytes = image.bytes();
    float[] plane = new float[image.width() * image.height()];
    for (int channel = 0; channel < CHANNELS; channel++) {
      float[] levels = values[channel];
      for (int i = 0, read = channel; i < plane.length; i++, read += CHANNELS) {
        plane[i] = levels[bytes[read] & 0xFF];
      }
      target.put(plane);
    }
  }
}
