package io.sensorium.runtime.onnx.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtSession;
import io.sensorium.api.ShapeMismatchException;
import io.sensorium.api.runtime.BlockTensor;
import io.sensorium.api.runtime.TensorBlock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An IoBinding of a session. Owns what it binds to names, not the memory behind it; one thread at a
 * time.
 */
public final class OnnxBinding implements AutoCloseable {
  private final OrtApi api;
  private final MemorySegment session;
  private final SessionNames names;
  private final MemorySegment binding;
  private final Map<OrtDevice, MemorySegment> memoryInfos = new HashMap<>();
  private final Map<String, Bound> inputs = new HashMap<>();
  private final Map<String, Bound> outputs = new HashMap<>();
  private long exchangedInRun;
  private long exchangedBytes;
  private boolean closed;

  private record Bound(BlockTensor tensor, MemorySegment value) {}

  OnnxBinding(OrtApi api, MemorySegment session, SessionNames names) {
    this.api = api;
    this.session = session;
    this.names = names;
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment result = scratch.allocate(ADDRESS);
      api.check((MemorySegment) api.createBinding.invokeExact(session, result));
      this.binding = result.get(ADDRESS, 0);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    }
  }

  /**
   * Reads an input from a tensor, which is borrowed until it is replaced.
   *
   * @throws ShapeMismatchException if there is no such input
   */
  public void bindInput(String name, BlockTensor tensor) {
    requireKnown("input", name, names.inputs());
    bind(name, tensor, inputs, true);
  }

  /**
   * Writes an output into a tensor, which is borrowed until it is replaced.
   *
   * @throws ShapeMismatchException if there is no such output
   */
  public void bindOutput(String name, BlockTensor tensor) {
    requireKnown("output", name, names.outputs());
    bind(name, tensor, outputs, false);
  }

  private static void requireKnown(String side, String name, Set<String> known) {
    if (!known.contains(name)) {
      throw new ShapeMismatchException(
          "an %s must be one of %s; got '%s'".formatted(side, new TreeSet<>(known), name));
    }
  }

  private void bind(String name, BlockTensor tensor, Map<String, Bound> side, boolean input) {
    Bound before = side.get(name);
    if (before != null && before.tensor().equals(tensor)) {
      return;
    }
    MemorySegment value = value(tensor);
    boolean bound = false;
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment text = scratch.allocateFrom(name);
      api.check(
          input
              ? (MemorySegment) api.bindInput.invokeExact(binding, text, value)
              : (MemorySegment) api.bindOutput.invokeExact(binding, text, value));
      bound = true;
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    } finally {
      if (!bound) {
        release(value);
      }
    }
    side.put(name, new Bound(tensor, value));
    exchangedInRun += exchanged(tensor);
    if (before != null) {
      exchangedInRun -= exchanged(before.tensor());
      release(before.value());
    }
  }

  private MemorySegment value(BlockTensor tensor) {
    if (!(tensor.memory() instanceof AddressedMemory memory)) {
      throw new IllegalArgumentException(
          "memory must come from the session's runtime; got " + tensor.memory());
    }
    try (Arena scratch = Arena.ofConfined()) {
      int rank = tensor.shape().rank();
      MemorySegment dimensions = scratch.allocate(JAVA_LONG, Math.max(1, rank));
      for (int axis = 0; axis < rank; axis++) {
        dimensions.setAtIndex(JAVA_LONG, axis, tensor.shape().dimension(axis));
      }
      MemorySegment result = scratch.allocate(ADDRESS);
      MemorySegment info = memoryInfos.computeIfAbsent(memory.device(), d -> d.memoryInfo(api));
      MemorySegment data = memory.address().asSlice(tensor.offset(), tensor.bytes());
      api.check(
          (MemorySegment)
              api.createTensor.invokeExact(
                  info,
                  data,
                  tensor.bytes(),
                  dimensions,
                  (long) rank,
                  ElementTypes.code(tensor.type()),
                  result));
      return result.get(ADDRESS, 0);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    }
  }

  /**
   * Runs once.
   *
   * @param options the caller's
   * @throws io.sensorium.api.InferenceException in ONNX Runtime's words
   */
  public void run(OrtSession.RunOptions options) {
    MemorySegment nativeOptions = NativeHandles.of(options);
    try {
      api.check((MemorySegment) api.run.invokeExact(session, nativeOptions, binding));
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    }
    exchangedBytes += exchangedInRun;
  }

  private static long exchanged(BlockTensor tensor) {
    return tensor.memory().kind() == TensorBlock.Kind.EXCHANGED ? tensor.bytes() : 0;
  }

  /** Bytes of exchanged tensors that all runs so far have read and written. */
  public long exchangedBytes() {
    return exchangedBytes;
  }

  private void release(MemorySegment value) {
    try {
      api.releaseValue.invokeExact(value);
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      api.releaseBinding.invokeExact(binding);
      for (MemorySegment info : memoryInfos.values()) {
        api.releaseMemoryInfo.invokeExact(info);
      }
    } catch (Throwable e) {
      throw OrtApi.unexpected(e);
    }
    inputs.values().forEach(bound -> release(bound.value()));
    outputs.values().forEach(bound -> release(bound.value()));
  }
}
