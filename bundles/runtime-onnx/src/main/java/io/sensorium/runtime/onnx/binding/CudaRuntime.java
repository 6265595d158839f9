package io.sensorium.runtime.onnx.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sensorium.api.InferenceException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.ResourceExhaustedException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** The few functions of the CUDA runtime that blocks of memory need. Thread-safe. */
@SuppressWarnings("restricted") // Native calls are what it is for.
final class CudaRuntime {
  /** The runtimes that ONNX Runtime's providers are linked to. */
  private static final List<String> LIBRARIES = List.of("libcudart.so.13", "libcudart.so.12");

  /** The direction follows from the addresses. */
  private static final int ANY_DIRECTION = 4;

  private final MethodHandle setDevice;
  private final MethodHandle malloc;
  private final MethodHandle free;
  private final MethodHandle memcpy;

  private CudaRuntime(SymbolLookup library) {
    Linker linker = Linker.nativeLinker();
    setDevice =
        linker.downcallHandle(
            library.findOrThrow("cudaSetDevice"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    malloc =
        linker.downcallHandle(
            library.findOrThrow("cudaMalloc"), FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    free =
        linker.downcallHandle(
            library.findOrThrow("cudaFree"), FunctionDescriptor.of(JAVA_INT, ADDRESS));
    memcpy =
        linker.downcallHandle(
            library.findOrThrow("cudaMemcpy"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
  }

  /**
   * Finds the runtime that the execution provider has loaded.
   *
   * @throws ModelLoadException if there is none
   */
  static CudaRuntime load() {
    for (String name : LIBRARIES) {
      try {
        return new CudaRuntime(SymbolLookup.libraryLookup(name, Arena.global()));
      } catch (IllegalArgumentException e) {
        // Of another version, perhaps.
      }
    }
    throw new ModelLoadException("one of %s must be loaded; none is".formatted(LIBRARIES));
  }

  MemorySegment allocate(int device, long bytes) {
    try (Arena scratch = Arena.ofConfined()) {
      select(device);
      MemorySegment result = scratch.allocate(ADDRESS);
      int code = (int) malloc.invokeExact(result, bytes);
      if (code != 0) {
        throw new ResourceExhaustedException(
            "cuda:%d has no block of %d bytes left (CUDA error %d)".formatted(device, bytes, code));
      }
      return result.get(ADDRESS, 0).reinterpret(bytes);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    }
  }

  void copy(int device, MemorySegment from, MemorySegment to, long bytes) {
    try {
      select(device);
      check((int) memcpy.invokeExact(to, from, bytes, ANY_DIRECTION), "copy memory");
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    }
  }

  void free(int device, MemorySegment block) {
    try {
      select(device);
      check((int) free.invokeExact(block), "free memory");
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    }
  }

  /** The device is a property of the calling thread. */
  private void select(int device) throws Throwable {
    check((int) setDevice.invokeExact(device), "select cuda:" + device);
  }

  private static void check(int code, String what) {
    if (code != 0) {
      throw new InferenceException("CUDA cannot %s: error %d".formatted(what, code));
    }
  }
}
