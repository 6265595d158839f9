package io.sensorium.api;

/**
 * The service that would have answered was removed or is draining; another generation may answer a
 * retry.
 */
public class ServiceGoneException extends SensoriumException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was required, what was found, and where
   */
  public ServiceGoneException(String message) {
    super(message);
  }

  /**
   * @param message what was required, what was found, and where
   * @param cause the failure underneath, kept for the log
   */
  public ServiceGoneException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean retriable() {
    return true;
  }
}
