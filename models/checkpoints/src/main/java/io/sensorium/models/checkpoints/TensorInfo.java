package io.sensorium.models.checkpoints;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;

/**
 * Where a tensor lies in a file of weights. Immutable.
 *
 * @param name its name in the file
 * @param type its element type
 * @param shape its shape, never dynamic
 * @param offset of its first byte, counted from the start of the file; not necessarily aligned
 * @param length in bytes, {@code shape.elements() * type.bytes()}
 */
public record TensorInfo(String name, ElementType type, Shape shape, long offset, long length) {}
