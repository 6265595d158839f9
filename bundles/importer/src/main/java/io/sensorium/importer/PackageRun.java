package io.sensorium.importer;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs every graph of a package once. Thread-safe.
 *
 * @param runtime opens and closes their sessions
 */
record PackageRun(InferenceRuntime runtime) {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Answers what a graph's input shall be. */
  @FunctionalInterface
  interface Inputs {
    Tensor of(GraphManifest graph, TensorSpec input);
  }

  /** The outputs by graph and name; no session stays open. */
  Map<String, Map<String, Tensor>> outputs(ModelPackage model, Inputs inputs) {
    Map<String, Map<String, Tensor>> outputs = new LinkedHashMap<>();
    for (ModelGraph graph : model.graphs()) {
      Map<String, Tensor> given = new TreeMap<>();
      for (TensorSpec input : graph.manifest().inputs()) {
        given.put(input.name(), inputs.of(graph.manifest(), input));
      }
      RequestContext context = RequestContext.within(PATIENCE);
      try (SessionLease lease = runtime.lease(graph, context)) {
        outputs.put(graph.manifest().name(), lease.run(given, context));
      } finally {
        runtime.retire(graph, context);
      }
    }
    return outputs;
  }
}
