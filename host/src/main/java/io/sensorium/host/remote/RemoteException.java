package io.sensorium.host.remote;

import io.sensorium.api.SensoriumException;

/** A failure inside the host that was asked; its message is that host's. */
public final class RemoteException extends SensoriumException {
  private static final long serialVersionUID = 1L;

  private final boolean retriable;

  RemoteException(String message, boolean retriable) {
    super(message);
    this.retriable = retriable;
  }

  @Override
  public boolean retriable() {
    return retriable;
  }
}
