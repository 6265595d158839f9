package io.sensorium.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import io.sensorium.api.ModelLoadException;

/** The process's one ONNX Runtime environment, loaded when first asked for and never closed. */
final class OnnxEnvironment {
  private OnnxEnvironment() {}

  /**
   * @throws ModelLoadException if the native library does not load
   */
  static OrtEnvironment get() {
    try {
      return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "sensorium");
    } catch (LinkageError | IllegalStateException e) {
      throw new ModelLoadException("ONNX Runtime's native library does not load: " + e, e);
    }
  }
}
