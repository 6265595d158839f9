package io.sensorium.runtime.onnx.binding;

import ai.onnxruntime.OrtSession;
import io.sensorium.api.runtime.DeviceMemory;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Makes memory and bindings for one session, which the caller keeps open. Thread-safe. */
public final class SessionBinder {
  private final OrtApi api;
  private final MemorySegment session;
  private final SessionNames names;
  private final OrtDevice device;
  private final Optional<CudaRuntime> cuda;

  /**
   * @param cudaIndex the CUDA device that the session runs on; empty for the CPU
   */
  public SessionBinder(OrtSession session, Optional<Integer> cudaIndex) {
    this.api = OrtApi.load();
    this.session = NativeHandles.of(session);
    this.names = SessionNames.of(api, this.session);
    this.device = cudaIndex.map(OrtDevice::cuda).orElse(OrtDevice.CPU);
    this.cuda = cudaIndex.map(index -> CudaRuntime.load());
  }

  /**
   * Allocates memory.
   *
   * @throws io.sensorium.api.ResourceExhaustedException if the device has no such block left
   */
  public DeviceMemory allocate(DeviceMemory.Kind kind, long bytes) {
    boolean onDevice = kind == DeviceMemory.Kind.RESIDENT && cuda.isPresent();
    return onDevice
        ? new CudaMemory(cuda.orElseThrow(), device, bytes)
        : new HostMemory(kind, bytes);
  }

  public OnnxBinding bind() {
    return new OnnxBinding(api, session, names);
  }
}
