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
   * Forgets everything and remembers what another one does: {@link #close} and {@link #fork} in
   * one, without a place being given up.
   *
   * @param other of the same model, not this one
   * @param shared tokens with which both are known to begin, in [0, the shorter's length]; they
   *     need not be copied
   */
  void become(Sequence other, int shared);

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
