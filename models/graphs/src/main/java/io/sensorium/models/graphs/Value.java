package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;

/**
 * A tensor in a graph that is being written. Immutable.
 *
 * @param name unique in the graph
 * @param type its element type
 * @param shape {@link Shape#DYNAMIC} where it depends on the inputs
 */
record Value(String name, ElementType type, Shape shape) {
  /** The size of the last axis. */
  long width() {
    return shape.dimension(shape.rank() - 1);
  }

  /** The shape with another size of the last axis. */
  Shape withWidth(long width) {
    return shape.with(shape.rank() - 1, width);
  }
}
