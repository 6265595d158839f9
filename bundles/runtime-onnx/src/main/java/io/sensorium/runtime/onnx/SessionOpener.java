package io.sensorium.runtime.onnx;

import io.sensorium.api.model.ModelGraph;

/** Opens sessions; slow, and called without any lock held. */
@FunctionalInterface
interface SessionOpener {
  /**
   * Opens a session, which the caller closes.
   *
   * @throws io.sensorium.api.ModelLoadException if the model cannot be opened
   */
  NativeSession open(ModelGraph graph);
}
