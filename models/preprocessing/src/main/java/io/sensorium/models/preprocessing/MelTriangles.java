package io.sensorium.models.preprocessing;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Overlapping triangles that sum a power spectrum into mel bins: bin i rises from corner i to
 * corner i + 1 and falls to corner i + 2. Immutable and thread-safe.
 */
final class MelTriangles {
  private static final double SLANEY_BREAK_HERTZ = 1000;
  private static final double SLANEY_BREAK_MEL = 15;
  private static final double SLANEY_LOG_STEP = Math.log(6.4) / 27;

  private final int[] firstBins;
  private final double[][] weights;

  private MelTriangles(double[] positions, double[] corners, boolean equalAreas) {
    int bins = corners.length - 2;
    firstBins = new int[bins];
    weights = new double[bins][];
    for (int bin = 0; bin < bins; bin++) {
      double left = corners[bin];
      double peak = corners[bin + 1];
      double right = corners[bin + 2];
      double height = equalAreas ? 2 / (right - left) : 1;
      var triangle = new double[positions.length];
      int first = positions.length;
      int end = 0;
      for (int k = 0; k < positions.length; k++) {
        double rising = (positions[k] - left) / (peak - left);
        double falling = (right - positions[k]) / (right - peak);
        triangle[k] = height * Math.max(0, Math.min(rising, falling));
        if (triangle[k] > 0) {
          first = Math.min(first, k);
          end = k + 1;
        }
      }
      firstBins[bin] = Math.min(first, end);
      weights[bin] = Arrays.copyOfRange(triangle, firstBins[bin], end);
    }
  }

  /**
   * Kaldi's: the scale {@code 1127 ln(1 + f / 700)}, triangles straight on that scale, of height 1.
   *
   * @param frequencies of the spectrum, in hertz, ascending
   */
  static MelTriangles kaldi(
      double[] frequencies, int bins, double lowestHertz, double highestHertz) {
    DoubleUnaryOperator mel = hertz -> 1127 * Math.log1p(hertz / 700);
    double lowest = mel.applyAsDouble(lowestHertz);
    double highest = mel.applyAsDouble(highestHertz);
    return new MelTriangles(
        Arrays.stream(frequencies).map(mel).toArray(), spaced(lowest, highest, bins), false);
  }

  /**
   * Those of Slaney's Auditory Toolbox and of librosa: a scale that is linear up to 1 kHz and
   * logarithmic above, triangles straight in hertz, of area 1.
   *
   * @param frequencies of the spectrum, in hertz, ascending
   */
  static MelTriangles slaney(
      double[] frequencies, int bins, double lowestHertz, double highestHertz) {
    double[] corners = spaced(slaneyMel(lowestHertz), slaneyMel(highestHertz), bins);
    for (int i = 0; i < corners.length; i++) {
      corners[i] = slaneyHertz(corners[i]);
    }
    return new MelTriangles(frequencies, corners, true);
  }

  private static double[] spaced(double lowest, double highest, int bins) {
    var corners = new double[bins + 2];
    for (int i = 0; i < corners.length; i++) {
      corners[i] = lowest + i * (highest - lowest) / (bins + 1);
    }
    return corners;
  }

  private static double slaneyMel(double hertz) {
    return hertz < SLANEY_BREAK_HERTZ
        ? hertz * SLANEY_BREAK_MEL / SLANEY_BREAK_HERTZ
        : SLANEY_BREAK_MEL + Math.log(hertz / SLANEY_BREAK_HERTZ) / SLANEY_LOG_STEP;
  }

  private static double slaneyHertz(double mel) {
    return mel < SLANEY_BREAK_MEL
        ? mel * SLANEY_BREAK_HERTZ / SLANEY_BREAK_MEL
        : SLANEY_BREAK_HERTZ * Math.exp(SLANEY_LOG_STEP * (mel - SLANEY_BREAK_MEL));
  }

  int bins() {
    return weights.length;
  }

  /** The part of a spectrum's power that a bin catches. */
  double sum(double[] power, int bin) {
    double[] triangle = weights[bin];
    int first = firstBins[bin];
    double sum = 0;
    for (int k = 0; k < triangle.length; k++) {
      sum += triangle[k] * power[first + k];
    }
    return sum;
  }
}
