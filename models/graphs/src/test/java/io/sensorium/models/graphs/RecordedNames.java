package io.sensorium.models.graphs;

import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds a graph's tensors in a recording of all towers of a model. */
final class RecordedNames {
  private RecordedNames() {}

  /** By the inputs' names; a graph with one input may be recorded under its own name. */
  static Map<String, Tensor> inputsOf(AuthoredGraph graph, Map<String, Tensor> recorded) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (TensorSpec input : graph.inputs()) {
      Tensor tensor = recorded.get(recordedName(graph, graph.inputs(), input, recorded));
      boolean past = tensor == null && input.name().startsWith("past_key_values.");
      inputs.put(input.name(), past ? emptyPast(input, recorded) : withClips(input, tensor));
    }
    return inputs;
  }

  /** What a decoder remembers before the first token. */
  static Tensor emptyPast(TensorSpec input, Map<String, Tensor> recorded) {
    long sequences = recorded.get("input_ids").shape().dimension(0);
    Shape shape = input.shape().with(0, sequences).with(2, 0);
    return Tensor.allocate(input.type(), shape);
  }

  /** Items that consist of one clip each may be recorded without the axis of clips. */
  private static Tensor withClips(TensorSpec input, Tensor tensor) {
    if (tensor.shape().rank() + 1 != input.shape().rank()) {
      return tensor;
    }
    long[] shape = new long[input.shape().rank()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = axis == 1 ? 1 : tensor.shape().dimension(Math.max(axis - 1, 0));
    }
    return Tensor.of(tensor.type(), Shape.of(shape), tensor.data());
  }

  /** From recorded names to the graph's outputs, for those that it has. */
  static Map<String, String> outputsOf(AuthoredGraph graph, Map<String, Tensor> recorded) {
    Map<String, String> outputs = new LinkedHashMap<>();
    for (TensorSpec output : graph.outputs()) {
      String name = recordedName(graph, graph.outputs(), output, recorded);
      if (recorded.containsKey(name)) {
        outputs.put(name, output.name());
      }
    }
    return outputs;
  }

  private static String recordedName(
      AuthoredGraph graph, List<TensorSpec> specs, TensorSpec spec, Map<String, Tensor> recorded) {
    boolean main = specs == graph.inputs() ? specs.size() == 1 : spec.equals(specs.getFirst());
    return main && !recorded.containsKey(spec.name()) ? graph.name() : spec.name();
  }
}
