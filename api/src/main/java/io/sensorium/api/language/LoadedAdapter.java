package io.sensorium.api.language;

import org.osgi.annotation.versioning.ConsumerType;

/** A low-rank adapter beside its model on the device. Used by the thread that uses the model. */
@ConsumerType
public interface LoadedAdapter extends AutoCloseable {
  /** As it was loaded under. */
  String name();

  /** How many sequences have it. */
  int sequences();

  /**
   * Gives its memory back. Idempotent.
   *
   * @throws IllegalStateException if sequences have it; close those first
   */
  @Override
  void close();
}
