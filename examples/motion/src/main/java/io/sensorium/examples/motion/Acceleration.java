package io.sensorium.examples.motion;

/**
 * Acceleration along three axes, gravity included, at the rate that was asked for. The arrays are
 * shared, not copied.
 *
 * @param x in m/s²
 * @param y in m/s², as long as {@code x}
 * @param z in m/s², as long as {@code x}
 */
@SuppressWarnings("ArrayRecordComponent") // samples are compared nowhere and copied for nobody
public record Acceleration(double[] x, double[] y, double[] z) {
  public Acceleration {
    if (x.length == 0 || x.length != y.length || x.length != z.length) {
      throw new IllegalArgumentException(
          "three axes of equal length are required; got %d, %d and %d samples"
              .formatted(x.length, y.length, z.length));
    }
  }

  /** Samples of each axis. */
  int samples() {
    return x.length;
  }
}
