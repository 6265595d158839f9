package io.sensorium.api;

/**
 * A model, package or checkpoint cannot be loaded: missing, damaged, of an unknown family or
 * refused by policy.
 */
public class ModelLoadException extends SensoriumException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was required, what was found, and where
   */
  public ModelLoadException(String message) {
    super(message);
  }

  /**
   * @param message what was required, what was found, and where
   * @param cause the failure underneath, kept for the log
   */
  public ModelLoadException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean retriable() {
    return false;
  }
}
