package io.sensorium.models.graphs;

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
      inputs.put(input.name(), recorded.get(recordedName(graph, graph.inputs(), input, recorded)));
    }
    return inputs;
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
    boolean only = specs.size() == 1 && !recorded.containsKey(spec.name());
    return only ? graph.name() : spec.name();
  }
}
