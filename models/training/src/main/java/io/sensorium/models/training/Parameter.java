package io.sensorium.models.training;

import java.util.Arrays;

/**
 * A named float32 tensor on the Java side, row-major. The array is shared, not copied.
 *
 * @param name the name in the checkpoint
 * @param shape its dimensions; empty for a scalar
 * @param values its elements, as many as the shape says
 */
@SuppressWarnings("ArrayRecordComponent") // weights are compared nowhere and copied for nobody
public record Parameter(String name, long[] shape, float[] values) {

  public Parameter {
    if (elements(shape) != values.length) {
      throw new IllegalArgumentException(
          "%s of shape %s needs %d values; got %d"
              .formatted(name, Arrays.toString(shape), elements(shape), values.length));
    }
  }

  /** A tensor of equal values. */
  public static Parameter filled(String name, float value, long... shape) {
    var values = new float[Math.toIntExact(elements(shape))];
    Arrays.fill(values, value);
    return new Parameter(name, shape, values);
  }

  private static long elements(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
