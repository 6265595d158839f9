package io.sensorium.api;

/**
 * A bound was reached: a full queue, memory that the ledger refuses, a full disk. Trying later may
 * succeed.
 */
public class ResourceExhaustedException extends SensoriumException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was required, what was found, and where
   */
  public ResourceExhaustedException(String message) {
    super(message);
  }

  /**
   * @param message what was required, what was found, and where
   * @param cause the failure underneath, kept for the log
   */
  public ResourceExhaustedException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean retriable() {
    return true;
  }
}
