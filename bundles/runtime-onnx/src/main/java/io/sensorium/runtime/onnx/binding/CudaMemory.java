package io.sensorium.runtime.onnx.binding;

import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.runtime.DeviceMemory;
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
  public void copy(long from, DeviceMemory target, long to, long length) {
    if (!(target instanceof CudaMemory other) || !other.device.equals(device)) {
      throw new IllegalArgumentException("both blocks must be on " + device + "; got " + target);
    }
    Objects.checkFromIndexSize(from, length, bytes());
    Objects.checkFromIndexSize(to, length, other.bytes());
    cuda.copy(device.index(), address.asSlice(from), other.address.asSlice(to), length);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      cuda.free(device.index(), address);
    }
  }
}
