package io.sensorium.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.sensorium.api.InferenceException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Crosses between our tensors and ONNX Runtime's, copying only what has to be copied. */
final class OnnxTensors {
  private OnnxTensors() {}

  static OnnxJavaType javaType(ElementType type) {
    return switch (type) {
      case FLOAT32 -> OnnxJavaType.FLOAT;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case BFLOAT16 -> OnnxJavaType.BFLOAT16;
      case FLOAT64 -> OnnxJavaType.DOUBLE;
      case INT8 -> OnnxJavaType.INT8;
      case UINT8 -> OnnxJavaType.UINT8;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
    };
  }

  static Optional<ElementType> elementType(OnnxJavaType type) {
    for (ElementType candidate : ElementType.values()) {
      if (javaType(candidate) == type) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /**
   * A native tensor over an off-heap tensor's own memory; over a copy in the arena where the memory
   * is on the heap or not aligned to its elements. Valid while both live.
   */
  static OnnxTensor borrow(OrtEnvironment environment, String name, Tensor tensor, Arena scratch)
      throws OrtException {
    MemorySegment data = tensor.data();
    requireAddressable(name, tensor);
    if (!data.isNative() || data.address() % tensor.type().bytes() != 0) {
      MemorySegment copy = scratch.allocate(data.byteSize(), Long.BYTES);
      copy.copyFrom(data);
      data = copy;
    }
    return wrap(environment, tensor, data);
  }

  /**
   * A native tensor over the caller's output.
   *
   * @throws IllegalArgumentException if it is on the heap, read-only or not aligned
   */
  static OnnxTensor pin(OrtEnvironment environment, String name, Tensor tensor)
      throws OrtException {
    MemorySegment data = tensor.data();
    requireAddressable(name, tensor);
    if (!data.isNative() || data.isReadOnly() || data.address() % tensor.type().bytes() != 0) {
      throw new IllegalArgumentException(
          "output '%s' must be writable, aligned memory off the heap; got %s in %s"
              .formatted(name, tensor, data));
    }
    return wrap(environment, tensor, data);
  }

  /** A copy that belongs to the caller. */
  static Tensor copyOf(OnnxTensor value) {
    ElementType type = elementType(value.getInfo().type).orElseThrow();
    Shape shape = Shape.of(value.getInfo().getShape());
    return Tensor.of(type, shape, MemorySegment.ofBuffer(value.getByteBuffer()));
  }

  private static OnnxTensor wrap(OrtEnvironment environment, Tensor tensor, MemorySegment data)
      throws OrtException {
    ByteBuffer buffer = data.asByteBuffer().order(ByteOrder.nativeOrder());
    long[] shape = new long[tensor.shape().rank()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = tensor.shape().dimension(axis);
    }
    return OnnxTensor.createTensor(environment, buffer, shape, javaType(tensor.type()));
  }

  private static void requireAddressable(String name, Tensor tensor) {
    if (tensor.data().byteSize() > Integer.MAX_VALUE) {
      throw new InferenceException(
          "tensor '%s' must have at most %d bytes; got %s with %d"
              .formatted(name, Integer.MAX_VALUE, tensor, tensor.data().byteSize()));
    }
  }
}
