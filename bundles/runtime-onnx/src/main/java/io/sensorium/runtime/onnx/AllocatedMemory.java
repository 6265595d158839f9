package io.sensorium.runtime.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What native code of this process has allocated and not freed, as glibc counts it. The Java heap,
 * Java's own tables and mapped files are no part of it, so that it does not move when Java code
 * runs. Thread-safe.
 */
final class AllocatedMemory {
  private static final int FIELDS = 10;

  /** Of {@code struct mallinfo2}: bytes of large blocks that are mapped one by one. */
  private static final int MAPPED_BLOCKS = 4;

  /** Of {@code struct mallinfo2}: bytes of all other blocks in use. */
  private static final int BLOCKS = 7;

  private static final StructLayout COUNTS =
      MemoryLayout.structLayout(
          MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG).withName("counts"));

  private final Optional<MethodHandle> mallinfo;

  // Calling native code is what the host enables native access for.
  @SuppressWarnings("restricted")
  AllocatedMemory() {
    Linker linker = Linker.nativeLinker();
    this.mallinfo =
        linker
            .defaultLookup()
            .find("mallinfo2")
            .map(address -> linker.downcallHandle(address, FunctionDescriptor.of(COUNTS)));
  }

  /** The bytes; empty where the C library is not glibc 2.33 or newer. */
  OptionalLong bytes() {
    if (mallinfo.isEmpty()) {
      return OptionalLong.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment counts = (MemorySegment) mallinfo.get().invokeExact((SegmentAllocator) arena);
      return OptionalLong.of(
          counts.getAtIndex(ValueLayout.JAVA_LONG, MAPPED_BLOCKS)
              + counts.getAtIndex(ValueLayout.JAVA_LONG, BLOCKS));
    } catch (Throwable e) {
      throw new IllegalStateException("the C library does not say what is allocated", e);
    }
  }
}
