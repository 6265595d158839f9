package io.sensorium.api.runtime;

import io.sensorium.api.RequestContext;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** A borrowed session. Runs may overlap; closing is idempotent and ends this lease alone. */
@ProviderType
public interface SessionLease extends AutoCloseable {
  /** The graph's inputs. */
  List<TensorSpec> inputs();

  /** The graph's outputs. */
  List<TensorSpec> outputs();

  /** The execution provider that really runs the graph, in ONNX Runtime's words. */
  String executionProvider();

  /**
   * Runs the graph once. Off-heap inputs are used in place.
   *
   * @param inputs by name; borrowed until return
   * @return every output by name, owned by the caller
   * @throws io.sensorium.api.ShapeMismatchException if an input is missing, unknown or misshapen
   * @throws io.sensorium.api.InferenceException if the run fails
   * @throws io.sensorium.api.DeadlineExceededException before the run, or during it
   * @throws IllegalStateException after {@link #close()}
   */
  Map<String, Tensor> run(Map<String, Tensor> inputs, RequestContext context);

  /**
   * Runs the graph into tensors that the caller keeps, without allocating.
   *
   * @param outputs off-heap, of the exact shapes that this run produces
   */
  void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs, RequestContext context);

  /** The session for tensors that stay on its device; empty where the engine cannot do that. */
  default Optional<ResidentSession> resident() {
    return Optional.empty();
  }

  /**
   * Lets the runtime ask for this lease back when memory is short, or when the session has been
   * idle for long. Without this call a lease is never asked for.
   *
   * @param holder of this lease; forgotten when the lease is closed
   */
  void reclaimableBy(Reclaimable holder);

  @Override
  void close();
}
