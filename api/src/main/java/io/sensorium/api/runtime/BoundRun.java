package io.sensorium.api.runtime;

import io.sensorium.api.RequestContext;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Runs a session on tensors that stay where they are: ONNX Runtime's IoBinding. What is bound stays
 * bound from run to run until it is bound anew. One thread at a time.
 */
@ProviderType
public interface BoundRun extends AutoCloseable {
  /**
   * Reads an input from a tensor.
   *
   * @param name one of the session's inputs, or one that may be left out
   * @param tensor borrowed until it is replaced or this is closed
   * @throws io.sensorium.api.ShapeMismatchException if it does not fit the graph's declaration
   */
  void bindInput(String name, BlockTensor tensor);

  /**
   * Writes an output into a tensor, which may be an input's as well where the graph's operators
   * work in place.
   *
   * @param name one of the session's outputs
   * @param tensor of the exact shape that the run produces
   */
  void bindOutput(String name, BlockTensor tensor);

  /**
   * Runs once.
   *
   * @throws io.sensorium.api.InferenceException if the run fails
   * @throws io.sensorium.api.DeadlineExceededException before the run, or during it
   * @throws io.sensorium.api.RequestCancelledException likewise
   */
  void run(RequestContext context);

  /**
   * Bytes that crossed between Java and the session in all runs so far: the sizes of the exchanged
   * tensors that were bound.
   */
  long exchangedBytes();

  @Override
  void close();
}
