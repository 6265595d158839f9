package io.sensorium.api.runtime;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelGraph;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Opens models and lends their sessions. Thread-safe.
 *
 * <p>The first lease of a graph opens its session, later ones share it; a session nobody leases
 * stays open until {@link #retire}. The execution provider is the one the host was configured for:
 * if it does not load, opening fails, unless the device is {@code auto}.
 */
@ProviderType
public interface InferenceRuntime {
  /**
   * Borrows the session of a graph, opening it if need be.
   *
   * @throws io.sensorium.api.ModelLoadException if the session cannot be opened
   * @throws io.sensorium.api.ResourceExhaustedException if what the package says it takes does not
   *     fit into the device's memory budget beside the sessions that are open
   * @throws io.sensorium.api.ServiceGoneException if the graph is being retired
   * @throws io.sensorium.api.DeadlineExceededException if opening took too long
   */
  SessionLease lease(ModelGraph graph, RequestContext context);

  /**
   * Lends the graph's session no more, waits for the leases to come back, and closes. What is still
   * lent at the deadline is told to terminate; it is closed by its last lease.
   *
   * @return whether the session was closed within the deadline
   */
  boolean retire(ModelGraph graph, RequestContext context);

  /** Sessions open now. */
  List<SessionStatus> sessions();

  /** The devices of this machine, the configured one first. */
  List<DeviceStatus> devices();

  /** The device asked for: {@code cpu}, {@code cuda:n} or {@code auto}. */
  String configuredDevice();
}
