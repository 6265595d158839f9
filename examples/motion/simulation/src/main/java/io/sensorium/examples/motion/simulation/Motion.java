package io.sensorium.examples.motion.simulation;

/**
 * Acceleration along the three axes of a sensor, gravity included, at an even rate. The arrays are
 * shared, not copied.
 *
 * @param rate samples per second
 * @param x in m/s²
 * @param y in m/s², as long as {@code x}
 * @param z in m/s², as long as {@code x}
 */
@SuppressWarnings("ArrayRecordComponent") // samples are compared nowhere and copied for nobody
public record Motion(double rate, double[] x, double[] y, double[] z) {
  public Motion {
    if (!(rate > 0) || x.length != y.length || x.length != z.length) {
      throw new IllegalArgumentException(
          "three axes of equal length at a positive rate are required; got %d, %d, %d at %s Hz"
              .formatted(x.length, y.length, z.length, rate));
    }
  }

  /** Samples of each axis. */
  public int samples() {
    return x.length;
  }
}
