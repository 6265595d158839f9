package io.sensorium.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import io.sensorium.api.ModelLoadException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The process's one ONNX Runtime environment, loaded when first asked for and never closed. */
final class OnnxEnvironment {
  /**
   * ONNX Runtime 1.29 looks at the process's command line by a recursion as deep as the line is
   * long; a usual stack overflows at about 3,000 characters and ends the JVM. The memory is only
   * reserved; a line of the longest kind that Linux allows, 2 MiB, touches about 700 MiB of it.
   */
  private static final long STACK_BYTES = 1L << 30;

  private static final FutureTask<OrtEnvironment> LOADING =
      new FutureTask<>(
          () ->
              OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "sensorium"));

  private OnnxEnvironment() {}

  /**
   * @throws ModelLoadException if the native library does not load; it does not later, either
   */
  static OrtEnvironment get() {
    if (!LOADING.isDone()) {
      // A task runs once, however many threads bring it.
      new Thread(null, LOADING, "sensorium-onnx-load", STACK_BYTES).start();
    }
    try {
      return LOADING.get();
    } catch (ExecutionException e) {
      throw new ModelLoadException(
          "ONNX Runtime's native library does not load: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelLoadException("interrupted while loading ONNX Runtime's native library", e);
    }
  }
}
