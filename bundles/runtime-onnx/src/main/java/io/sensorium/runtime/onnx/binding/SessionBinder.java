package io.sensorium.runtime.onnx.binding;

import ai.onnxruntime.OrtSession;
import io.sensorium.api.runtime.TensorBlock;
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

  /** {@code cpu} or {@code cuda:n}. */
  public String device() {
    return cuda.isPresent() ? "cuda:" + device.index() : "cpu";
  }

  /** Answers whether there is such an input, one that may be left out included. */
  public boolean takes(String input) {
    return names.inputs().contains(input);
  }

  /**
   * Allocates memory.
   *
   * @throws io.sensorium.api.ResourceExhaustedException if the device has no such block left
   */
  public TensorBlock allocate(TensorBlock.Kind kind, long bytes) {
    boolean onDevice = kind == TensorBlock.Kind.RESIDENT && cuda.isPresent();
    return onDevice
        ? new CudaMemory(cuda.orElseThrow(), device, bytes)
        : new HostMemory(kind, bytes);
  }

  public OnnxBinding bind() {
    return new OnnxBinding(api, session, names);
  }
}
