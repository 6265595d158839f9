package io.sensorium.models.preprocessing;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Pillow's resampling filters under Pillow's numbers, which preprocessor files carry as {@code
 * resample}.
 *
 * <p>The kernels are those of Pillow 12 (libImaging/Resample.c); the distance {@code x} is in
 * source pixels at the filter's scale.
 */
public enum ResizeFilter {
  NEAREST(0, 0),
  LANCZOS(1, 3),
  BILINEAR(2, 1),
  BICUBIC(3, 2),
  BOX(4, 0.5),
  HAMMING(5, 1);

  private static final double CUBIC_A = -0.5;
  // Pillow writes these two as single-precision literals.
  private static final double HAMMING_CONSTANT = 0.54f;
  private static final double HAMMING_COSINE = 0.46f;

  private final int pillowCode;
  private final double support;

  ResizeFilter(int pillowCode, double support) {
    this.pillowCode = pillowCode;
    this.support = support;
  }

  /** The number in {@code preprocessor_config.json}. */
  public int pillowCode() {
    return pillowCode;
  }

  /**
   * The filter of a number in {@code preprocessor_config.json}.
   *
   * @throws IllegalArgumentException if Pillow has no such filter
   */
  public static ResizeFilter ofPillowCode(int pillowCode) {
    for (ResizeFilter filter : values()) {
      if (filter.pillowCode == pillowCode) {
        return filter;
      }
    }
    throw new IllegalArgumentException(
        "resample must be one of %s; got %d"
            .formatted(
                Arrays.stream(values())
                    .map(f -> f.pillowCode + " (" + f + ")")
                    .collect(Collectors.joining(", ")),
                pillowCode));
  }

  double support() {
    return support;
  }

  double weight(double x) {
    return switch (this) {
      case NEAREST -> throw new IllegalStateException("nearest has no kernel");
      case LANCZOS -> -3.0 <= x && x < 3.0 ? sinc(x) * sinc(x / 3) : 0;
      case BILINEAR -> Math.max(0, 1 - Math.abs(x));
      case BICUBIC -> cubic(Math.abs(x));
      case BOX -> -0.5 < x && x <= 0.5 ? 1 : 0;
      case HAMMING -> hamming(Math.abs(x));
    };
  }

  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double angle = x * Math.PI;
    return Math.sin(angle) / angle;
  }

  private static double cubic(double x) {
    if (x < 1) {
      return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC_A : 0;
  }

  private static double hamming(double x) {
    if (x == 0) {
      return 1;
    }
    if (x >= 1) {
      return 0;
    }
    double angle = x * Math.PI;
    return Math.sin(angle) / angle * (HAMMING_CONSTANT + HAMMING_COSINE * Math.cos(angle));
  }
}
