package io.sensorium.api.tensor;

import java.util.Objects;

/**
 * What a model declares of one input or output. Immutable.
 *
 * @param name the graph's name, for instance {@code pixel_values}
 * @param type the element type
 * @param shape the shape, {@link Shape#DYNAMIC} where open
 */
public record TensorSpec(String name, ElementType type, Shape shape) {
  public TensorSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(shape, "shape");
  }

  /** Answers whether the tensor has this type and a shape that fits. */
  public boolean accepts(Tensor tensor) {
    return tensor.type() == type && shape.accepts(tensor.shape());
  }

  /** For instance {@code float32[n,3,224,224]}. */
  public String signature() {
    return type.name().toLowerCase(java.util.Locale.ROOT) + shape;
  }
}
