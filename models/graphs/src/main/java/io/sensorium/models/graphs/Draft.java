package io.sensorium.models.graphs;

import io.sensorium.api.Modality;

/**
 * A graph that a family is writing, with everything it writes from. One thread at a time.
 *
 * @param config the checkpoint's configuration
 * @param weights its tensors
 * @param graph the graph so far
 * @param operators operators without weights
 * @param layers layers with weights
 */
record Draft(
    CheckedConfig config, Weights weights, GraphBuilder graph, Operators operators, Layers layers) {

  Draft(CheckedConfig config, Weights weights, GraphBuilder graph) {
    this(config, weights, graph, new Operators(graph), new Layers(graph, weights));
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

  /** What a family has made of a checkpoint: which modality, and whether it embeds. */
  record Tower(Modality modality, boolean embedding) {}
}
