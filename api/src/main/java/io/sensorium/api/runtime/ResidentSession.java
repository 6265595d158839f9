package io.sensorium.api.runtime;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A session whose tensors may stay on its device from run to run. Thread-safe; ends with the lease
 * that it came from.
 */
@ProviderType
public interface ResidentSession {
  /** The device, {@code cpu} or {@code cuda:n}. */
  String device();

  /** Answers whether an input can be bound: one of the graph's, or one that may be left out. */
  boolean takes(String input);

  /**
   * Allocates memory that runs can use.
   *
   * @throws io.sensorium.api.ResourceExhaustedException if the device has no such block left
   */
  TensorBlock allocate(TensorBlock.Kind kind, long bytes);

  /** Starts with nothing bound. Runs of several may overlap where they write different tensors. */
  BoundRun bind();
}
