package io.sensorium.runtime.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.sensorium.api.InferenceException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Crosses between our tensors and DJL's arrays. */
final class DjlTensors {
  private DjlTensors() {}

  static DataType dataType(ElementType type) {
    return switch (type) {
      case FLOAT32 -> DataType.FLOAT32;
      case FLOAT16 -> DataType.FLOAT16;
      case BFLOAT16 -> DataType.BFLOAT16;
      case FLOAT64 -> DataType.FLOAT64;
      case INT8 -> DataType.INT8;
      case UINT8 -> DataType.UINT8;
      case INT32 -> DataType.INT32;
      case INT64 -> DataType.INT64;
      case BOOL -> DataType.BOOLEAN;
    };
  }

  static Optional<ElementType> elementType(DataType type) {
    for (ElementType candidate : ElementType.values()) {
      if (dataType(candidate) == type) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /**
   * An array over a tensor's own memory where the engine allows it, over a copy where that is on
   * the heap. Valid while the manager, the tensor and the arena live.
   */
  static NDArray borrow(NDManager manager, String name, Tensor tensor, Arena scratch) {
    MemorySegment data = tensor.data();
    if (data.byteSize() > Integer.MAX_VALUE) {
      throw new InferenceException(
          "tensor '%s' must have at most %d bytes; got %s with %d"
              .formatted(name, Integer.MAX_VALUE, tensor, data.byteSize()));
    }
    if (!data.isNative() || data.address() % tensor.type().bytes() != 0) {
      MemorySegment copy = scratch.allocate(data.byteSize(), Long.BYTES);
      copy.copyFrom(data);
      data = copy;
    }
    long[] shape = new long[tensor.shape().rank()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = tensor.shape().dimension(axis);
    }
    NDArray array =
        manager.create(
            data.asByteBuffer().order(ByteOrder.nativeOrder()),
            new ai.djl.ndarray.types.Shape(shape),
            dataType(tensor.type()));
    array.setName(name);
    return array;
  }

  /**
   * A copy that belongs to the caller.
   *
   * @throws InferenceException if its elements are none of ours
   */
  static Tensor copyOf(String name, NDArray array) {
    ElementType type =
        elementType(array.getDataType())
            .orElseThrow(
                () ->
                    new InferenceException(
                        "output '%s' must be a tensor of numbers or booleans; got %s"
                            .formatted(name, array.getDataType())));
    Tensor copy = Tensor.allocate(type, Shape.of(array.getShape().getShape()));
    ByteBuffer bytes = array.toByteBuffer();
    copy.data().copyFrom(MemorySegment.ofBuffer(bytes));
    return copy;
  }
}
