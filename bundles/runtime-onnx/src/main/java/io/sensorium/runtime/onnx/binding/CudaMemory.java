package io.sensorium.runtime.onnx.binding;

import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.runtime.TensorBlock;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A block of a CUDA device's memory. */
final class CudaMemory implements AddressedMemory {
  private final CudaRuntime cuda;
  private final OrtDevice device;
  private final MemorySegment address;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @throws ResourceExhaustedException if the device has no such block left
   */
  CudaMemory(CudaRuntime cuda, OrtDevice device, long bytes) {
    this.cuda = cuda;
    this.device = device;
    this.address = cuda.allocate(device.index(), bytes);
  }

  @Override
  public Kind kind() {
    return Kind.RESIDENT;
  }

  @Override
  public long bytes() {
    return address.byteSize();
  }

  @Override
  public Optional<MemorySegment> segment() {
    return Optional.empty();
  }

  @Override
  public MemorySegment address() {
    return address;
  }

  @Override
  public OrtDevice device() {
    return device;
  }

  @Override
  public void copy(long from, TensorBlock target, long to, long length) {
    AddressedMemory other = (AddressedMemory) target;
    move(this, from, other, to, length);
  }

  /** Copies from main memory. */
  void copyFrom(HostMemory source, long from, long to, long length) {
    move(source, from, this, to, length);
  }

  private void move(
      AddressedMemory source, long from, AddressedMemory target, long to, long length) {
    Objects.checkFromIndexSize(from, length, source.bytes());
    Objects.checkFromIndexSize(to, length, target.bytes());
    MemorySegment begin = source.address().asSlice(from);
    cuda.copy(device.index(), begin, target.address().asSlice(to), length);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      cuda.free(device.index(), address);
    }
  }
}
