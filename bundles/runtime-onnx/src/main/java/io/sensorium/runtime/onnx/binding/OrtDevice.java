package io.sensorium.runtime.onnx.binding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where ONNX Runtime keeps memory, in its C API's words. Immutable.
 *
 * @param name {@code Cpu} or {@code Cuda}
 * @param index of the device
 */
public record OrtDevice(String name, int index) {
  /** Main memory. */
  public static final OrtDevice CPU = new OrtDevice("Cpu", 0);

  private static final int DEVICE_ALLOCATOR = 0;
  private static final int DEFAULT_MEMORY = 0;

  /** A CUDA device. */
  public static OrtDevice cuda(int index) {
    return new OrtDevice("Cuda", index);
  }

  /** The native description, which the caller releases. */
  MemorySegment memoryInfo(OrtApi api) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment result = scratch.allocate(ValueLayout.ADDRESS);
      api.check(
          (MemorySegment)
              api.createMemoryInfo.invokeExact(
                  scratch.allocateFrom(name), DEVICE_ALLOCATOR, index, DEFAULT_MEMORY, result));
      return result.get(ValueLayout.ADDRESS, 0);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    }
  }
}
