package io.sensorium.runtime.onnx.binding;

import io.sensorium.api.runtime.TensorBlock;
import java.lang.foreign.MemorySegment;

/** A block whose address is known here. */
sealed interface AddressedMemory extends TensorBlock permits HostMemory, CudaMemory {
  /** Its first byte; only for native code unless the block is in main memory. */
  MemorySegment address();

  OrtDevice device();
}
