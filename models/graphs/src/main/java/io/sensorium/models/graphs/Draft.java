package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.Map;
import java.util.Optional;

/**
 * A graph that a family is writing, with everything it writes from. One thread at a time.
 *
 * @param checkpoint where all of it comes from
 * @param config the checkpoint's configuration
 * @param weights its tensors
 * @param graph the graph so far
 * @param operators operators without weights
 * @param layers layers with weights
 */
record Draft(
    CheckpointFolder checkpoint,
    CheckedConfig config,
    Weights weights,
    GraphBuilder graph,
    Operators operators,
    Layers layers) {

  Draft(CheckpointFolder checkpoint, CheckedConfig config, Weights weights, GraphBuilder graph) {
    this(checkpoint, config, weights, graph, new Operators(graph), new Layers(graph, weights));
  }

  /** The same draft, written from a part of the configuration, for instance {@code text_config}. */
  Draft nested(String key) {
    return new Draft(checkpoint, config.nested(key), weights, graph, operators, layers);
  }

  /** The same draft, with what the reference takes where the configuration says nothing. */
  Draft orElse(Map<String, Object> defaults) {
    return new Draft(checkpoint, config.orElse(defaults), weights, graph, operators, layers);
  }

  /**
   * Special tokens before patches, and positions added to both.
   *
   * @param special {@code [1, k, d]}
   * @param patches {@code [n, p, d]}
   * @param positions {@code [1, k + p, d]}
   */
  Value withSpecialTokens(String layer, Value special, Value patches, Value positions) {
    Value repeated = operators.repeatForBatch(layer, special, patches);
    return operators.add(layer, operators.concat(layer, 1, repeated, patches), positions);
  }

  /**
   * The head of an embedding tower: project, then scale to length 1.
   *
   * @param pooled {@code [n, d]}
   * @param projection the linear layer without bias
   * @param output the embedding's name
   */
  void embed(Value pooled, String projection, int dimension, String output) {
    Value projected = layers.linear(projection, pooled, dimension, false);
    graph.output(output, operators.unitRows(output, projected));
  }

  /**
   * What a family has made of a tower.
   *
   * @param modality what it reads, if its first output is an embedding {@code [n, d]}
   * @param preprocessing how items become inputs unless the checkpoint's processor says otherwise
   * @param calibration zero-shot settings that follow from the weights
   */
  record Tower(
      Optional<Modality> modality,
      Map<String, Object> preprocessing,
      Map<String, Object> calibration) {
    Tower {
      preprocessing = Map.copyOf(preprocessing);
      calibration = Map.copyOf(calibration);
    }

    /** An encoder whose checkpoint says the rest. */
    static Tower of(Modality modality) {
      return new Tower(Optional.of(modality), Map.of(), Map.of());
    }
  }
}
