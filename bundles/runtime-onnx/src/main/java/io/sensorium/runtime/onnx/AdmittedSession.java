package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.runtime.GraphSession;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A session and the memory that was reserved for it, which is free again once it is closed.
 *
 * @param session closed with this
 * @param measure compares its memory with the plan
 * @param giveBack gives the memory back, afterwards
 */
record AdmittedSession(GraphSession session, SessionMeasure measure, Runnable giveBack)
    implements GraphSession {
  @Override
  public List<TensorSpec> inputs() {
    return session.inputs();
  }

  @Override
  public List<TensorSpec> outputs() {
    return session.outputs();
  }

  @Override
  public String executionProvider() {
    return session.executionProvider();
  }

  @Override
  public long weightBytes() {
    return session.weightBytes();
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs, RequestContext context) {
    return measure.run(inputs, () -> session.run(inputs, context));
  }

  @Override
  public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs, RequestContext context) {
    measure.run(
        inputs,
        () -> {
          session.run(inputs, outputs, context);
          return outputs;
        });
  }

  @Override
  public Optional<ResidentSession> resident() {
    return session.resident();
  }

  @Override
  public void terminate() {
    session.terminate();
  }

  @Override
  public void close() {
    try {
      measure.close(session::close);
    } finally {
      giveBack.run();
    }
  }
}
