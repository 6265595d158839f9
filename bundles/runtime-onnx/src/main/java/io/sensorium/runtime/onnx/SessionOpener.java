package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.GraphSession;

/** Opens the sessions that a table lends. */
@FunctionalInterface
interface SessionOpener {
  /**
   * Opens a session. Slow; called without any lock held.
   *
   * @param holder of the session that is opened, which can be asked to close it again
   * @param context of the request that needs it
   * @throws io.sensorium.api.SensoriumException if it cannot be opened; nothing is kept
   */
  GraphSession open(ModelGraph graph, SessionHolder holder, RequestContext context);
}
