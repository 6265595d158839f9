package io.sensorium.api.runtime;

import io.sensorium.api.RequestContext;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One open session with the memory it holds. Runs may overlap; the host starts none after {@link
 * #close()}, and closes when the last one has ended.
 */
@ConsumerType
public interface GraphSession extends AutoCloseable {
  /** The graph's inputs. */
  List<TensorSpec> inputs();

  /** The graph's outputs. */
  List<TensorSpec> outputs();

  /** What really runs the graph, in the runtime's words. */
  String executionProvider();

  /** The size of the graph and its weights in bytes. */
  long weightBytes();

  /**
   * Runs the graph once.
   *
   * @param inputs by name, one for each of {@link #inputs()}, checked against it; borrowed until
   *     return
   * @return every output by name, owned by the caller
   * @throws io.sensorium.api.InferenceException if the run fails
   * @throws io.sensorium.api.DeadlineExceededException before the run, or during it
   */
  Map<String, Tensor> run(Map<String, Tensor> inputs, RequestContext context);

  /**
   * Runs the graph into tensors that the caller keeps.
   *
   * @param outputs some of {@link #outputs()}, checked against them; off-heap, of the exact shapes
   *     that this run produces
   * @throws io.sensorium.api.ShapeMismatchException if the run produces another shape
   */
  void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs, RequestContext context);

  /**
   * The same session for tensors that stay on its device; empty where the engine cannot do that.
   */
  default Optional<ResidentSession> resident() {
    return Optional.empty();
  }

  /** Asks every run, now and later, to end with {@link io.sensorium.api.ServiceGoneException}. */
  void terminate();

  /** Gives the memory back. Idempotent. */
  @Override
  void close();
}
