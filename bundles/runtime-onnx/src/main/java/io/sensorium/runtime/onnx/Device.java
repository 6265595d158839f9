package io.sensorium.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;

/**
 * A device that sessions run on.
 *
 * @param cuda whether it is a CUDA device, else the CPU
 * @param index of the CUDA device; 0 for the CPU
 */
record Device(boolean cuda, int index) {
  static final Device CPU = new Device(false, 0);

  static Device cuda(int index) {
    return new Device(true, index);
  }

  /**
   * Reads {@code cpu} or {@code cuda:n}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static Device parse(String name) {
    return DeviceRequest.parse(name)
        .device()
        .orElseThrow(
            () -> new IllegalArgumentException("a device must be cpu or cuda:n; got " + name));
  }

  /** The provider's name in ONNX Runtime's words. */
  String executionProvider() {
    return cuda ? "CUDAExecutionProvider" : "CPUExecutionProvider";
  }

  /** Fails where the provider's library does not load; ONNX Runtime never falls back by itself. */
  void configure(OrtSession.SessionOptions options) throws OrtException {
    if (cuda) {
      try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(index)) {
        // ONNX Runtime rounds 32-bit matrices to TF32's ten bits otherwise, which golden vectors
        // recorded in 32 bits would notice.
        cuda.add("use_tf32", "0");
        options.addCUDA(cuda);
      }
      // Two alternating CUDA sessions grow without bound otherwise (microsoft/onnxruntime#29351).
      options.setMemoryPatternOptimization(false);
    }
  }

  /** {@code cpu} or {@code cuda:n}. */
  @Override
  public String toString() {
    return cuda ? "cuda:" + index : "cpu";
  }
}
