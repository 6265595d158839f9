package io.sensorium.api.space;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * A vector that knows its space. Immutable.
 *
 * <p>Encoders answer unit vectors; {@link #plus} leaves unit length and {@link #normalized} returns
 * to it. Operations across spaces are refused: such a number would mean nothing.
 */
public final class Embedding {
  private final SpaceId space;
  private final float[] values;

  private Embedding(SpaceId space, float[] values) {
    this.space = space;
    this.values = values;
  }

  /**
   * An embedding with a copy of the given components.
   *
   * @throws IllegalArgumentException if there is none, or one is not finite
   */
  public static Embedding of(SpaceId space, FloatBuffer components) {
    Objects.requireNonNull(space, "space");
    float[] values = new float[components.remaining()];
    components.duplicate().get(values);
    if (values.length == 0) {
      throw new IllegalArgumentException("an embedding needs at least one component");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "component %d of an embedding in %s is %s".formatted(i, space, values[i]));
      }
    }
    return new Embedding(space, values);
  }

  /** The space that the vector lives in. */
  public SpaceId space() {
    return space;
  }

  /** The number of components. */
  public int dimension() {
    return values.length;
  }

  /** A fresh read-only view of the components. */
  public FloatBuffer values() {
    return FloatBuffer.wrap(values).asReadOnlyBuffer();
  }

  /** The Euclidean length. */
  public double norm() {
    return Math.sqrt(dot(values, values));
  }

  /**
   * The cosine of the angle to another embedding, in [-1, 1]; 0 if either has no length.
   *
   * @throws IllegalArgumentException if the other lives in another space
   */
  public double cosine(Embedding other) {
    requireSameSpace(other);
    double lengths = norm() * other.norm();
    return lengths == 0 ? 0 : Math.clamp(dot(values, other.values) / lengths, -1.0, 1.0);
  }

  /**
   * This vector plus {@code weight} times another; negative weights take away.
   *
   * @throws IllegalArgumentException if the other lives in another space
   */
  public Embedding plus(Embedding other, double weight) {
    requireSameSpace(other);
    float[] sum = new float[values.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (float) (values[i] + weight * other.values[i]);
    }
    return new Embedding(space, sum);
  }

  /**
   * The vector of length 1 in the same direction.
   *
   * @throws IllegalStateException if the vector has no length
   */
  public Embedding normalized() {
    double norm = norm();
    if (norm == 0) {
      throw new IllegalStateException("a zero vector in " + space + " has no direction");
    }
    float[] unit = new float[values.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (values[i] / norm);
    }
    return new Embedding(space, unit);
  }

  private void requireSameSpace(Embedding other) {
    if (!space.equals(other.space) || values.length != other.values.length) {
      throw new IllegalArgumentException(
          "embeddings of one space are required; got %s (%d) and %s (%d)"
              .formatted(space, values.length, other.space, other.values.length));
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding e && space.equals(e.space) && Arrays.equals(values, e.values);
  }

  @Override
  public int hashCode() {
    return 31 * space.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "embedding of %d in %s".formatted(values.length, space);
  }
}
