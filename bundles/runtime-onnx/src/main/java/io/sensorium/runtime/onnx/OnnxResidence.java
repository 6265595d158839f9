package io.sensorium.runtime.onnx;

import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.TensorBlock;
import io.sensorium.runtime.onnx.binding.SessionBinder;

/**
 * A session for tensors that stay on its device.
 *
 * @param session watches the runs
 * @param binder makes memory and bindings
 */
record OnnxResidence(OnnxSession session, SessionBinder binder) implements ResidentSession {
  @Override
  public String device() {
    return binder.device();
  }

  @Override
  public boolean takes(String input) {
    return binder.takes(input);
  }

  @Override
  public TensorBlock allocate(TensorBlock.Kind kind, long bytes) {
    return binder.allocate(kind, bytes);
  }

  @Override
  public BoundRun bind() {
    return new OnnxBoundRun(session, binder.bind());
  }
}
