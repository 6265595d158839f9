package io.sensorium.models.graphs;

/**
 * A family of architectures. Stateless.
 *
 * <p>An author reads the configuration, asks for tensors and adds layers; what is wrong with the
 * checkpoint is noted on the way and reported when it returns.
 */
interface Family {
  /** The {@code model_type} of its configurations. */
  String modelType();

  /** Writes the graph. */
  Draft.Tower write(Draft draft);
}
