package io.sensorium.api.runtime;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.util.Objects;

/**
 * A tensor inside a block of memory: row-major, without gaps. Immutable; borrows the block.
 *
 * @param memory the block
 * @param offset of its first byte, a multiple of the element size
 * @param type of its elements
 * @param shape known in every axis
 */
public record BlockTensor(TensorBlock memory, long offset, ElementType type, Shape shape) {
  public BlockTensor {
    Objects.requireNonNull(memory, "memory");
    long bytes = Math.multiplyExact(shape.elements(), (long) type.bytes());
    if (offset < 0 || offset % type.bytes() != 0 || offset > memory.bytes() - bytes) {
      throw new IndexOutOfBoundsException(
          "%s %s at byte %d must lie within %d bytes, at a multiple of %d"
              .formatted(type, shape, offset, memory.bytes(), type.bytes()));
    }
  }

  /** Its size in bytes. */
  public long bytes() {
    return shape.elements() * type.bytes();
  }
}
