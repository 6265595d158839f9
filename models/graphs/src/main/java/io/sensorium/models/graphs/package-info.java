/**
 * Writing ONNX graphs from published checkpoints.
 *
 * <p>{@link io.sensorium.models.graphs.GraphAuthor} is the door. A family of architectures is one
 * class that reads its configuration, asks for its tensors by the names they are published under,
 * and says in a page of layers what is done with them. Weights stay in the safetensors files, which
 * the graph refers to.
 *
 * <pre>{@code
 * try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
 *   AuthoredGraph graph = GraphAuthor.author(checkpoint);
 *   graph.writeTo(target.resolve("model.onnx"));
 * }
 * }</pre>
 */
package io.sensorium.models.graphs;
