package io.sensorium.runtime.onnx;

import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.GraphSession;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens every graph with the engine of its runtime. Thread-safe. */
final class GraphEngines implements GraphEngine {
  private static final Logger LOG = LoggerFactory.getLogger(GraphEngines.class);

  private final GraphEngine onnx;
  private final Map<GraphEngine, String> others = new ConcurrentHashMap<>();

  GraphEngines(GraphEngine onnx) {
    this.onnx = onnx;
  }

  void add(GraphEngine engine, Map<String, ?> properties) {
    if (properties.get(RUNTIME) instanceof String runtime && !runtime.equals(GraphManifest.ONNX)) {
      others.put(engine, runtime);
    } else {
      LOG.error(
          "a graph engine is ignored: the service property '{}' must be its runtime's name and not '{}'; got {}",
          RUNTIME,
          GraphManifest.ONNX,
          properties.get(RUNTIME));
    }
  }

  /** Answers the runtime that has no engine any more. */
  Optional<String> remove(GraphEngine engine) {
    return Optional.ofNullable(others.remove(engine))
        .filter(runtime -> !others.containsValue(runtime));
  }

  /** An engine may be on its way in, so that whoever asks can ask again. */
  @Override
  public GraphSession open(ModelGraph graph) {
    String runtime = graph.manifest().runtime();
    if (runtime.equals(GraphManifest.ONNX)) {
      return onnx.open(graph);
    }
    return others.entrySet().stream()
        .filter(entry -> entry.getValue().equals(runtime))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new ServiceGoneException(
                    "model %s needs the runtime '%s'; no active bundle provides it"
                        .formatted(graph, runtime)))
        .open(graph);
  }
}
