package io.sensorium.host.api;

import io.sensorium.api.SensoriumException;

/** A bundle cannot be installed, updated or removed; what was there before stays. */
public class BundleException extends SensoriumException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was required, what was found, and where
   */
  public BundleException(String message) {
    super(message);
  }

  /**
   * @param message what was required, what was found, and where
   * @param cause the failure underneath, kept for the log
   */
  public BundleException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean retriable() {
    return false;
  }
}
