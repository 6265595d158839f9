package io.sensorium.models.hub;

import io.sensorium.api.SensoriumException;

/** A model cannot be had from the hub: refused, not there, not reachable, or not what it said. */
public final class HubException extends SensoriumException {
  private static final long serialVersionUID = 1L;

  private final boolean retriable;

  private HubException(String message, Throwable cause, boolean retriable) {
    super(message, cause);
    this.retriable = retriable;
  }

  /** The hub answered, and asking again would not change the answer. */
  static HubException refused(String message) {
    return new HubException(message, null, false);
  }

  /** The hub could not be reached, or is busy; nothing is known about the model. */
  static HubException unreachable(String message, Throwable cause) {
    return new HubException(message, cause, true);
  }

  @Override
  public boolean retriable() {
    return retriable;
  }
}
