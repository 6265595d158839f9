package io.sensorium.runtime.onnx.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashSet;
import java.util.Set;

/**
 * What can be bound of a session. A binding that was once asked for another name does not work any
 * more, so names are checked before. Immutable.
 *
 * @param inputs those that may be left out included, which the official Java API does not know
 * @param outputs all of them
 */
record SessionNames(Set<String> inputs, Set<String> outputs) {
  private static final long LONGEST_NAME = 1 << 16;

  SessionNames {
    inputs = Set.copyOf(inputs);
    outputs = Set.copyOf(outputs);
  }

  static SessionNames of(OrtApi api, MemorySegment session) {
    Set<String> inputs = new HashSet<>();
    Set<String> outputs = new HashSet<>();
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment result = scratch.allocate(ADDRESS);
      api.check((MemorySegment) api.defaultAllocator.invokeExact(result));
      MemorySegment allocator = result.get(ADDRESS, 0);
      add(inputs, api, session, allocator, api.inputCount, api.inputName);
      add(inputs, api, session, allocator, api.optionalInputCount, api.optionalInputName);
      add(outputs, api, session, allocator, api.outputCount, api.outputName);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    }
    return new SessionNames(inputs, outputs);
  }

  private static void add(
      Set<String> names,
      OrtApi api,
      MemorySegment session,
      MemorySegment allocator,
      MethodHandle count,
      MethodHandle name)
      throws Throwable {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment number = scratch.allocate(JAVA_LONG);
      MemorySegment text = scratch.allocate(ADDRESS);
      api.check((MemorySegment) count.invokeExact(session, number));
      long entries = number.get(JAVA_LONG, 0);
      for (long i = 0; i < entries; i++) {
        api.check((MemorySegment) name.invokeExact(session, i, allocator, text));
        MemorySegment owned = text.get(ADDRESS, 0);
        names.add(api.text(owned, LONGEST_NAME));
        api.check((MemorySegment) api.free.invokeExact(allocator, owned));
      }
    }
  }
}
