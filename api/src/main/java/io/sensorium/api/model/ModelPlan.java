package io.sensorium.api.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a model will take, known before anything is loaded. Immutable.
 *
 * @param architecture its model type
 * @param parameters how many numbers the weights are that its graphs read, each once
 * @param estimate the same by formula from the configuration alone; empty if that does not name a
 *     transformer's sizes
 * @param bytes of the weights as files, by precision: {@code fp32}, {@code fp16}, {@code int8} and
 *     {@code int4}
 * @param kvBytesPerToken of a decoder's keys and values in float16, for every token of its context;
 *     0 for other models
 * @param stateBytes of a recurrent model's state in float32, whatever its context; 0 for other
 *     models
 * @param batch items in one run, for the next figure
 * @param workingBytes of the activations that exist at once, in the graph that needs most of them
 * @param trainingBytes of training all of it with Adam in float32 before activations: weights,
 *     gradients and two moments
 * @param graphs the figures of each graph
 */
public record ModelPlan(
    String architecture,
    long parameters,
    OptionalLong estimate,
    Map<String, Long> bytes,
    long kvBytesPerToken,
    long stateBytes,
    int batch,
    long workingBytes,
    long trainingBytes,
    List<GraphPlan> graphs) {
  public ModelPlan {
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(estimate, "estimate");
    bytes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(bytes));
    graphs = List.copyOf(graphs);
  }

  /**
   * One graph of a plan.
   *
   * @param name as in the package
   * @param memory what it takes in the precision that was asked for
   */
  public record GraphPlan(String name, GraphMemory memory) {}
}
