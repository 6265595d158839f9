package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;

/**
 * One open session with the memory it holds. Runs may overlap; nobody runs once {@link #close} was
 * called, which the {@link LeaseTable} guarantees.
 */
interface NativeSession extends AutoCloseable {
  List<TensorSpec> inputs();

  List<TensorSpec> outputs();

  String executionProvider();

  /** The size of the graph and its weights in bytes. */
  long weightBytes();

  /** Runs the graph; the outputs belong to the caller. */
  Map<String, Tensor> run(Map<String, Tensor> inputs, RequestContext context);

  /** Runs the graph into the given off-heap tensors. */
  void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs, RequestContext context);

  /** Asks every run, now and later, to end with {@link io.sensorium.api.ServiceGoneException}. */
  void terminate();

  @Override
  void close();
}
