package io.sensorium.api;

/**
 * The bytes given are not media that can be read: unknown, truncated, mislabelled or over a limit.
 */
public class UnsupportedInputException extends SensoriumException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was required, what was found, and where
   */
  public UnsupportedInputException(String message) {
    super(message);
  }

  /**
   * @param message what was required, what was found, and where
   * @param cause the failure underneath, kept for the log
   */
  public UnsupportedInputException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean retriable() {
    return false;
  }
}
