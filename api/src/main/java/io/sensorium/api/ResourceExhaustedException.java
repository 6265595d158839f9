package io.sensorium.api;

/**
 * A bound was reached: a full queue, memory that the ledger refuses, a full disk. Trying later may
 * succeed, unless it is said that it will not.
 */
public class ResourceExhaustedException extends SensoriumException {
  private static final long serialVersionUID = 1L;

  private final boolean retriable;

  /**
   * @param message what was required, what was found, and where
   */
  public ResourceExhaustedException(String message) {
    this(message, null, true);
  }

  /**
   * @param message what was required, what was found, and where
   * @param cause the failure underneath, kept for the log
   */
  public ResourceExhaustedException(String message, Throwable cause) {
    this(message, cause, true);
  }

  /**
   * @param message what was required, what was found, and where
   * @param cause the failure underneath, kept for the log; null for none
   * @param retriable false if more is required than there can ever be
   */
  public ResourceExhaustedException(String message, Throwable cause, boolean retriable) {
    super(message, cause);
    this.retriable = retriable;
  }

  @Override
  public boolean retriable() {
    return retriable;
  }
}
