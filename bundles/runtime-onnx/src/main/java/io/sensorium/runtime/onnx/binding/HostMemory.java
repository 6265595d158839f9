package io.sensorium.runtime.onnx.binding;

import io.sensorium.api.runtime.TensorBlock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A block of main memory: what is exchanged, and what stays where the device is the CPU. */
final class HostMemory implements AddressedMemory {
  private static final long ALIGNMENT = 64;

  private final Kind kind;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;
  private final AtomicBoolean closed = new AtomicBoolean();

  HostMemory(Kind kind, long bytes) {
    this.kind = kind;
    this.segment = arena.allocate(bytes, ALIGNMENT);
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public long bytes() {
    return segment.byteSize();
  }

  @Override
  public Optional<MemorySegment> segment() {
    return kind == Kind.EXCHANGED ? Optional.of(segment) : Optional.empty();
  }

  @Override
  public MemorySegment address() {
    return segment;
  }

  @Override
  public OrtDevice device() {
    return OrtDevice.CPU;
  }

  @Override
  public void copy(long from, TensorBlock target, long to, long length) {
    switch ((AddressedMemory) target) {
      case HostMemory other -> MemorySegment.copy(segment, from, other.segment, to, length);
      case CudaMemory other -> other.copyFrom(this, from, to, length);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      arena.close();
    }
  }
}
