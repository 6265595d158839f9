package io.sensorium.api;

/**
 * Stored data cannot be read or written: a damaged file, a failed write. Nothing unacknowledged was
 * promised.
 */
public class StorageException extends SensoriumException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was required, what was found, and where
   */
  public StorageException(String message) {
    super(message);
  }

  /**
   * @param message what was required, what was found, and where
   * @param cause the failure underneath, kept for the log
   */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean retriable() {
    return false;
  }
}
