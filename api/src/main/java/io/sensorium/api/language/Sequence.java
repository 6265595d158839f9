package io.sensorium.api.language;

import org.osgi.annotation.versioning.ConsumerType;

/** What a model remembers of one text. Used by the thread that uses its model. */
@ConsumerType
public interface Sequence extends AutoCloseable {
  /** Tokens so far. */
  int length();

  /**
   * Another sequence that remembers the same, and goes its own way.
   *
   * @throws io.sensorium.api.ResourceExhaustedException if as many live as the model was opened for
   */
  Sequence fork();

  /**
   * Forgets the last tokens.
   *
   * @param length in [0, {@link #length()}]
   * @return false, and nothing is forgotten, if the model's memory cannot be wound back
   */
  boolean truncate(int length);

  /** Gives its place to another one. Idempotent. */
  @Override
  void close();
}
