package io.sensorium.api.runtime;

import io.sensorium.api.model.ModelGraph;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a bundle registers to run graphs that are no ONNX files. Sharing, leasing, draining and
 * closing sessions are the host's: encoders, self-tests and imports find such graphs like any
 * other.
 *
 * <p>Register it as an OSGi service with the property {@link #RUNTIME}. Graphs whose {@link
 * io.sensorium.api.model.GraphManifest#runtime()} is that name come here; their encoders serve
 * while the service is there. Thread-safe.
 */
@ConsumerType
@FunctionalInterface
public interface GraphEngine {
  /** Service property: the runtime's name, for instance {@code djl}. */
  String RUNTIME = "sensorium.runtime";

  /**
   * Opens a session, which the host closes. Slow; called without any lock held.
   *
   * @throws io.sensorium.api.ModelLoadException if the graph cannot be opened; nothing is kept
   */
  GraphSession open(ModelGraph graph);
}
