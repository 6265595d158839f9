package io.sensorium.api.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The dimensions of a tensor, outermost first. Immutable.
 *
 * <p>In a {@link TensorSpec} a dimension may be {@link #DYNAMIC}; a {@link Tensor}'s are all known.
 */
public final class Shape {
  /** Stands for a dimension that is known only when the model runs. */
  public static final long DYNAMIC = -1;

  private final long[] dimensions;

  private Shape(long[] dimensions) {
    this.dimensions = dimensions;
  }

  /**
   * A shape of the given dimensions; none for a scalar.
   *
   * @throws IllegalArgumentException if a dimension is negative and not {@link #DYNAMIC}
   */
  public static Shape of(long... dimensions) {
    for (long dimension : dimensions) {
      if (dimension < DYNAMIC) {
        throw new IllegalArgumentException(
            "dimensions must be >= 0 or -1 (dynamic); got " + Arrays.toString(dimensions));
      }
    }
    return new Shape(dimensions.clone());
  }

  /** The number of dimensions. */
  public int rank() {
    return dimensions.length;
  }

  /** The size along an axis, counted from 0; {@link #DYNAMIC} if unknown. */
  public long dimension(int axis) {
    return dimensions[axis];
  }

  /** Answers whether no dimension is {@link #DYNAMIC}. */
  public boolean isStatic() {
    return Arrays.stream(dimensions).noneMatch(d -> d == DYNAMIC);
  }

  /**
   * The number of elements.
   *
   * @throws IllegalStateException if a dimension is dynamic
   * @throws ArithmeticException if it exceeds a long
   */
  public long elements() {
    if (!isStatic()) {
      throw new IllegalStateException("a dynamic shape has no element count: " + this);
    }
    return Arrays.stream(dimensions).reduce(1L, Math::multiplyExact);
  }

  /** The same shape with another size along one axis. */
  public Shape with(int axis, long dimension) {
    long[] copy = dimensions.clone();
    copy[axis] = dimension;
    return of(copy);
  }

  /** Answers whether a tensor of the given shape may be fed where this one is declared. */
  public boolean accepts(Shape actual) {
    if (actual.rank() != rank()) {
      return false;
    }
    for (int axis = 0; axis < rank(); axis++) {
      if (dimensions[axis] != DYNAMIC && dimensions[axis] != actual.dimensions[axis]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions);
  }

  /** For instance {@code [n,3,224,224]}, dynamic dimensions as {@code n}. */
  @Override
  public String toString() {
    return Arrays.stream(dimensions)
        .mapToObj(d -> d == DYNAMIC ? "n" : Long.toString(d))
        .collect(Collectors.joining(",", "[", "]"));
  }
}
