package io.sensorium.host.api;

import io.sensorium.api.SensoriumException;

/** The host cannot start: bundles, models or the home are not as required. */
public class HostStartException extends SensoriumException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was required, what was found, and where
   */
  public HostStartException(String message) {
    super(message);
  }

  /**
   * @param message what was required, what was found, and where
   * @param cause the failure underneath, kept for the log
   */
  public HostStartException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean retriable() {
    return false;
  }
}
